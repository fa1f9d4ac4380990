#include "analysis/kernel_function.h"

#include <algorithm>
#include <array>

namespace sockscope {
namespace {

// Names of include/trace/, kernel/trace/ and kernel/events/ in Linux 4.16 to 6.18, as prefixes.
constexpr auto kTracing = std::to_array<std::string_view>({
    "perf_",        "__perf_",         "trace_",          "__trace_",      "__traceiter_",
    "call_trace_",  "tracing_",        "ftrace_",         "__ftrace_",     "ring_buffer_",
    "bpf_trace",    "__bpf_trace",     "bpf_trampoline_", "bpf_get_stack", "get_perf_callchain",
    "stack_trace_", "arch_stack_walk", "unwind_",         "__unwind_",
});

// Of the way into and out of a system call: taken only while its tracepoints, or an audit, want it.
constexpr auto kTracedSyscalls = std::to_array<std::string_view>(
    {"syscall_trace_enter", "syscall_trace_exit", "syscall_exit_work", "syscall_slow_exit_work"});

}  // namespace

std::string_view source_name(std::string_view symbol) {
  const std::size_t suffix = symbol.find('.', 1);
  return symbol.substr(0, suffix);
}

FunctionOrigin origin_of(std::string_view function) {
  if (function.starts_with("bpf_prog_")) return FunctionOrigin::kBpfProgram;
  const auto begins_function = [function](std::string_view prefix) { return function.starts_with(prefix); };
  const bool is_tracing = std::ranges::any_of(kTracing, begins_function) ||
                          std::ranges::find(kTracedSyscalls, function) != kTracedSyscalls.end();
  return is_tracing ? FunctionOrigin::kTracing : FunctionOrigin::kKernel;
}

}  // namespace sockscope
