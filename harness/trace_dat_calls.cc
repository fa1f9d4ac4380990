#include "harness/trace_dat_calls.h"

#include <fmt/format.h>

#include <utility>

#include "parsers/function_graph/function_event.h"

namespace sockscope {
namespace {

using perf_data::Bytes;
using trace_dat::TracedEvent;

constexpr std::uint64_t kDeepest = 1024;
constexpr std::size_t kMostNames = std::size_t{1} << 17U;

}  // namespace

bool is_of_function_graph(const tracepoint::Format& format) {
  return format.system == "ftrace" && format.name.starts_with("funcgraph_");
}

TraceDatCalls::TraceDatCalls(const std::vector<tracepoint::Format>& formats, std::string_view kallsyms,
                             const trace_dat::TimeConversion& time)
    : symbols_(std::string(kallsyms)), time_(time) {
  using tracepoint::IntegerField;
  for (const tracepoint::Format& format : formats) {
    if (!is_of_function_graph(format)) continue;
    events_[format.id] = {.is_exit = format.name == "funcgraph_exit",
                          .pid = IntegerField::of(format, "common_pid"),
                          .function = IntegerField::of(format, "func"),
                          .depth = IntegerField::of(format, "depth"),
                          .begin = IntegerField::of(format, "calltime"),
                          .end = IntegerField::of(format, "rettime")};
  }
}

void TraceDatCalls::on(const TracedEvent& event) {
  trace_.lost_events += event.missed;
  const auto id = tracepoint::common_type(event.payload);
  const auto graph = id ? events_.find(*id) : events_.end();
  if (graph == events_.end()) {
    ++trace_.other_events;
  } else if (!on(graph->second, event)) {
    ++trace_.unreadable;
  }
}

bool TraceDatCalls::on(const GraphEvent& graph, const TracedEvent& event) {
  using function_graph::FunctionEvent;
  if (!graph.pid || !graph.function || !graph.depth) return false;
  const auto pid = graph.pid->read(event.payload);
  const auto function = graph.function->read_unsigned(event.payload);
  const auto depth = graph.depth->read_unsigned(event.payload);
  if (!pid || !function || !depth || *depth > kDeepest) return false;
  cpus_.insert(event.cpu);
  builder_.on({.kind = graph.is_exit ? FunctionEvent::Kind::kExit : FunctionEvent::Kind::kEnter,
               .lane = function_graph::lane_of_task(static_cast<std::int32_t>(*pid), event.cpu),
               .depth = static_cast<unsigned>(*depth),
               .name = name_of(*function),
               .duration_ns = graph.is_exit ? duration(graph, event.payload) : std::nullopt});
  return true;
}

std::optional<std::uint64_t> TraceDatCalls::duration(const GraphEvent& graph, Bytes payload) const {
  if (!graph.begin || !graph.end) return std::nullopt;
  const auto begin = graph.begin->read_unsigned(payload);
  const auto end = graph.end->read_unsigned(payload);
  if (!begin || !end || *end < *begin) return std::nullopt;
  return time_.ns_of(*end) - time_.ns_of(*begin);
}

/// Looked up once, unless a file makes up more addresses than a kernel has.
std::string_view TraceDatCalls::name_of(std::uint64_t address) {
  if (names_.size() >= kMostNames) names_.clear();
  const auto [found, is_new] = names_.try_emplace(address);
  if (is_new) {
    const std::string_view name = symbols_.name_at(address);
    found->second = name.empty() ? fmt::format("{:#x}", address) : std::string(name);
  }
  return found->second;
}

CallTrace TraceDatCalls::finish(std::uint64_t damaged) {
  trace_.form = "trace.dat";
  trace_.tree = builder_.finish();
  trace_.unreadable += damaged;
  trace_.cpus.assign(cpus_.begin(), cpus_.end());
  return std::move(trace_);
}

}  // namespace sockscope
