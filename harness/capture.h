#pragma once

namespace sockscope {

/// What records a traced run.
enum class Capture {
  kTracefs,  ///< TracefsCapture: the kernel's ftrace buffers, written as a perf.data.
  kPerf,     ///< PerfRecording: perf record.
};

}  // namespace sockscope
