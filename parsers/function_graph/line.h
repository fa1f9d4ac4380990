#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sockscope::function_graph {

/// One line of text as the function_graph tracer prints it (kernel/trace/trace_functions_graph.c), in TRACEFS/trace,
/// trace_pipe and `perf ftrace`, or as `trace-cmd report` prints the same event. Views point into the line.
struct Line {
  enum class Kind : std::uint8_t {
    kNothing,       ///< Blank, a rule, a heading.
    kEnter,         ///< `f() {`
    kLeaf,          ///< `f();`: entry and exit
    kExit,          ///< `}`
    kComment,       ///< `/* an event or a trace_printk() */`
    kInterrupt,     ///< `==========>`
    kInterruptEnd,  ///< `<==========`
    kSwitch,        ///< `0) a-1 => b-2`: pid is a's, next_pid b's
    kLost,          ///< `CPU:0 [LOST 123 EVENTS]`
    kTracer,        ///< `# tracer: NAME`: name is it
    kFunction,      ///< A line of the function tracer: `f <-caller`
    kEvent,         ///< A line of another event
    kUnreadable,
  };

  Kind kind = Kind::kNothing;
  std::optional<std::uint32_t> cpu;
  std::optional<std::int32_t> pid;  ///< Of the task that ran, where the line says it.
  std::int32_t next_pid = 0;
  unsigned depth = 0;     ///< From the indentation.
  std::string_view name;  ///< With its module: "br_handle_frame [bridge]"; empty on an exit that does not say.
  std::optional<std::uint64_t> duration_ns;
  std::uint64_t resolution_ns = 1;  ///< Long durations have fewer digits: cut off, not rounded.
  std::uint64_t lost = 0;           ///< 0: the kernel did not say how many.
};

/// Deeper than any stack of the tracer, which a page of the kernel holds.
inline constexpr unsigned kMaxDepth = 1024;

/// Reads one line, without its line feed. Columns may be there or not (options/funcgraph-cpu, -proc, -abstime,
/// -duration, -overhead, -irqs, -tail, -args, -retval; latency-format): each is known by its form. Whatever makes no
/// sense is kUnreadable.
[[nodiscard]] Line parse_line(std::string_view text);

}  // namespace sockscope::function_graph
