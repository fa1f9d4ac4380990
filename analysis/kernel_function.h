#pragma once

#include <string_view>

namespace sockscope {

/// Whose a function in a call chain is.
enum class FunctionOrigin {
  kKernel,      ///< What the kernel does for the traffic.
  kTracing,     ///< What it does because somebody traces: perf's, ftrace's and the tracepoints' own.
  kBpfProgram,  ///< A compiled BPF program: another tracer's, or a filter's.
};

/// A symbol without what the compiler adds to a part or a copy of a function: "tcp_ack.constprop.0", "__schedule.cold"
/// are tcp_ack and __schedule.
[[nodiscard]] std::string_view source_name(std::string_view symbol);

[[nodiscard]] FunctionOrigin origin_of(std::string_view function);

}  // namespace sockscope
