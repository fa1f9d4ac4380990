#pragma once

#include "base/error.h"
#include "parsers/ctf/trace_folder.h"

namespace sockscope::ctf {

/// Reads a CTF trace with babeltrace2 and writes what is in it into a descriptor as the pipe form of perf.data: each
/// event under the kernel's name (lttng_events.h), with the thread, process and name that its contexts say; threads of
/// traces without them are those that sched_switch put onto the CPU. Once the library is loaded, this process gives up
/// its rights (sandbox.h): it is to be a child that ends afterwards.
///
/// `messages` is another descriptor that may still be written to. kInput, without a name, when the trace is damaged or
/// not of one Linux kernel; kEnvironment when there is no disk, no library or no confinement.
[[nodiscard]] Result<> write_transcript(const TraceFolder& trace, int out, int messages);

}  // namespace sockscope::ctf
