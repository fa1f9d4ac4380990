#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/call_trace.h"
#include "analysis/call_tree.h"
#include "parsers/trace_dat/event_merge.h"
#include "parsers/trace_dat/trace_dat.h"
#include "parsers/tracepoint/catalog.h"
#include "parsers/tracepoint/field_access.h"
#include "report/export/kernel_symbols.h"

namespace sockscope {

/// Whether an event is one of function_graph's: ftrace:funcgraph_entry, funcgraph_exit.
[[nodiscard]] bool is_of_function_graph(const tracepoint::Format& format);

/// Puts calls together from function_graph's events in a trace.dat, in order of time.
class TraceDatCalls {
 public:
  /// `formats` are those of the events, `kallsyms` the names of the functions at their addresses, both the trace's own.
  TraceDatCalls(const std::vector<tracepoint::Format>& formats, std::string_view kallsyms,
                const trace_dat::TimeConversion& time);

  void on(const trace_dat::TracedEvent& event);

  /// What came of them; `damaged` pages count as unreadable events.
  [[nodiscard]] CallTrace finish(std::uint64_t damaged);

 private:
  struct GraphEvent {
    bool is_exit = false;
    std::optional<tracepoint::IntegerField> pid;
    std::optional<tracepoint::IntegerField> function;
    std::optional<tracepoint::IntegerField> depth;
    std::optional<tracepoint::IntegerField> begin;
    std::optional<tracepoint::IntegerField> end;
  };

  bool on(const GraphEvent& graph, const trace_dat::TracedEvent& event);
  [[nodiscard]] std::optional<std::uint64_t> duration(const GraphEvent& graph, perf_data::Bytes payload) const;
  std::string_view name_of(std::uint64_t address);

  std::map<std::uint16_t, GraphEvent> events_;
  KernelSymbols symbols_;
  trace_dat::TimeConversion time_;
  std::map<std::uint64_t, std::string> names_;
  CallTreeBuilder builder_;
  std::set<std::uint32_t> cpus_;
  CallTrace trace_;
};

}  // namespace sockscope
