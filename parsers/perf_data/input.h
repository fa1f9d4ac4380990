#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/mapped_file.h"

namespace sockscope::perf_data {

/// The files of a recording, mapped: one, or with `perf record --threads` a directory of them. The first has the
/// header; the others (data.0, data.1, ...) are records from their first byte on, one file for each of perf's threads
/// (tools/perf/Documentation/perf.data-directory-format.txt).
struct Input {
  std::string name;  ///< For messages.
  std::vector<MappedFile> files;
};

/// Opens a file, a directory, a FIFO (read to its end into a Spool), or standard input as "-". kInput, naming the path:
/// missing, forbidden, empty, a device, a directory without a recording.
[[nodiscard]] Result<Input> open_input(const std::filesystem::path& path);

}  // namespace sockscope::perf_data
