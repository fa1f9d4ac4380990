#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/error.h"
#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"

namespace sockscope {

/// What came of a recording.
struct CtfCounts {
  std::uint64_t events = 0;        ///< Written.
  std::uint64_t undecoded = 0;     ///< Of these, tracepoint events whose fields, or some of them, could not be read.
  std::uint64_t without_time = 0;  ///< Samples that carry none, which CTF cannot have: left out.
};

/// Writes all samples of a recording with all their fields as a CTF 1.8 trace into a directory, by babeltrace2's
/// sink.ctf.fs: a stream a CPU, LTTng's names (lttng_names.h) and contexts (vtid, vpid, procname, prio). `catalog` may
/// be null where there is no tracepoint; `on_event` is called for each sample. Memory: some thousand events.
///
/// The directory must not be there yet, but the one above it. kEnvironment, naming it and babeltrace2's reason, when it
/// cannot be written.
[[nodiscard]] Result<CtfCounts> write_ctf_trace(const perf_data::Reader& reader, const tracepoint::Catalog* catalog,
                                                const std::filesystem::path& directory,
                                                const std::function<void()>& on_event);

}  // namespace sockscope
