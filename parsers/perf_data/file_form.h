#pragma once

#include "base/error.h"
#include "parsers/perf_data/description.h"
#include "parsers/perf_data/file_header.h"

namespace sockscope::perf_data {

/// What the sections of a file-form recording say.
struct FileForm {
  Description description;
  Bytes records;           ///< The data section, as far as the file has it.
  bool truncated = false;  ///< The file ends before its data section does.
};

/// Reads attrs and feature sections. kInput (without the file's name) when the attrs, without which no record can be
/// read, make no sense; whatever else does not is counted.
[[nodiscard]] Result<FileForm> read_file_form(Bytes file, const FileHeader& header);

}  // namespace sockscope::perf_data
