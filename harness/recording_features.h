#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "harness/perf_data_writer.h"

namespace sockscope {

/// A tracepoint of this kernel, as TRACEFS/events has it.
struct Tracepoint {
  std::string name;  ///< "system:event"
  std::uint64_t id = 0;
  std::string format;
};

/// kEnvironment if it cannot be read.
Result<Tracepoint> read_tracepoint(const std::filesystem::path& tracefs, std::string_view name);

/// What perf's header says of the machine and the clock, and how the recording came to be: the features that describe
/// it, with the formats of the tracepoints. kEnvironment if tracefs cannot be read.
Result<FeatureSections> recording_features(const std::filesystem::path& tracefs,
                                           std::span<const Tracepoint> tracepoints);

}  // namespace sockscope
