#pragma once

#include <filesystem>

#include "base/error.h"
#include "parsers/perf_data/reader.h"

namespace sockscope {

/// Reader::open() as a command needs it: a trace.dat of trace-cmd is a recording, too, and so is what a directory with
/// a CTF trace in it is made into (parsers/ctf/recording.h). While standard input ("-") is read, SIGINT is left to its
/// writer.
[[nodiscard]] Result<perf_data::Reader> open_recording(const std::filesystem::path& path);

/// kUsage if the output is the recording, lies in it (a CTF trace, perf's directory of files), or is what a run left in
/// the directory that it is: that would be lost. Empty output: stdout.
[[nodiscard]] Result<> check_not_recording(const std::filesystem::path& output, const std::filesystem::path& recording);

}  // namespace sockscope
