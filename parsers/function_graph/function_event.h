#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace sockscope::function_graph {

/// Whose calls nest into one another: a task, by its thread id; the idle task of a CPU; or, where the trace does not
/// say who runs, whoever is on a CPU. Numbers that differ are tasks that differ.
using Lane = std::uint64_t;

/// A function began or ended, as ftrace's function_graph tracer saw it.
struct FunctionEvent {
  enum class Kind : std::uint8_t { kEnter, kExit };

  Kind kind = Kind::kEnter;
  Lane lane = 0;
  unsigned depth = 0;     ///< Traced functions around it, as the tracer counts them.
  std::string_view name;  ///< "br_handle_frame [bridge]"; empty where an exit does not say. Good for the call alone.
  std::optional<std::uint64_t> duration_ns;  ///< kExit only; absent where the trace has no times.
  std::uint64_t resolution_ns = 1;           ///< The duration was cut off to a multiple of it.
};

/// The lane of a task that the trace names. The idle task has one number on all CPUs and is one on each.
[[nodiscard]] inline Lane lane_of_task(std::int32_t pid, std::uint32_t cpu) {
  constexpr Lane idle = Lane{2} << 40U;
  return pid == 0 ? idle + cpu : Lane{static_cast<std::uint32_t>(pid)};
}

using FunctionSink = std::function<void(const FunctionEvent&)>;

}  // namespace sockscope::function_graph
