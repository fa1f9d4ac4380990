#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "parsers/function_graph/function_event.h"
#include "parsers/function_graph/line.h"

namespace sockscope::function_graph {

/// What a trace holds beside calls.
struct TraceFacts {
  std::uint64_t lines = 0;
  std::uint64_t unreadable = 0;        ///< Lines that are none of the tracer's.
  std::uint64_t first_unreadable = 0;  ///< Its number, counted from 1; 0: none.
  std::uint64_t lost_events = 0;       ///< As far as the kernel said how many.
  std::uint64_t losses_uncounted = 0;  ///< Times that it did not.
  std::uint64_t switches = 0;          ///< Context switches that the trace shows, each on one CPU.
  std::uint64_t interrupts = 0;
  std::uint64_t comments = 0;    ///< Other events and trace_printk().
  std::set<std::uint32_t> cpus;  ///< With at least one line; empty if the trace does not say the CPU.
};

/// Reads function_graph text as it comes, in pieces of any size, in memory that does not grow with it. The tracer says
/// a CPU's task only when it changes: lines of a CPU before its first change are those of the task that it changes
/// from.
class TextReader {
 public:
  explicit TextReader(FunctionSink sink) : sink_(std::move(sink)) {}

  /// kInput, a clause to come after the text's name, if the text says that it is another tracer's.
  Result<> read(std::string_view piece);
  /// The end of the text. kInput if there was not one call in it, which says what it seems to be instead.
  Result<> finish();

  [[nodiscard]] const TraceFacts& facts() const { return facts_; }

 private:
  struct Cpu {
    bool has_task = false;  // else its first one, which is not known yet
    bool began_idle = false;
    Lane task = 0;
  };

  Result<> read_line(std::string_view text);
  [[nodiscard]] Result<> verdict() const;
  void read_switch(const Line& line);
  void read_call(const Line& line);
  void count(const Line& line);
  [[nodiscard]] Lane lane_of(const Line& line);
  [[nodiscard]] Lane lane_of(std::int32_t pid, std::uint32_t number) const;

  FunctionSink sink_;
  TraceFacts facts_;
  std::string rest_;          // of a line whose end has not come
  bool is_skipping_ = false;  // a line that is too long
  std::unordered_map<std::uint32_t, Cpu> cpus_;
  std::unordered_map<std::int32_t, Lane> first_tasks_;  // at most one a CPU
  std::uint64_t calls_ = 0;
  std::uint64_t function_lines_ = 0;
  std::uint64_t event_lines_ = 0;
};

}  // namespace sockscope::function_graph
