#pragma once

namespace sockscope {

/// Where tracefs is mounted (Documentation/trace/ftrace.rst).
inline constexpr const char* kTracefsMount = "/sys/kernel/tracing";

}  // namespace sockscope
