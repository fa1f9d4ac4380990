#pragma once

#include <cstddef>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "parsers/perf_data/bytes.h"
#include "parsers/perf_data/mapped_file.h"

namespace sockscope::perf_data {

/// What comes through a pipe or out of a decompressor, put into a temporary file, so that it can be mapped like any
/// recording and takes no memory of this process.
class Spool {
 public:
  /// kEnvironment, naming the directory, when no file can be made there.
  [[nodiscard]] static Result<Spool> make();

  /// kEnvironment when the directory is full.
  [[nodiscard]] Result<> append(Bytes bytes);

  /// All that was appended. The last call.
  [[nodiscard]] Result<MappedFile> map() &&;

 private:
  explicit Spool(UniqueFd file);
  [[nodiscard]] Result<> write_out(Bytes bytes);

  UniqueFd file_;
  std::vector<std::byte> pending_;  // appended, not written yet: most records are short
};

}  // namespace sockscope::perf_data
