#pragma once

#include "base/error.h"
#include "base/unique_fd.h"
#include "parsers/perf_data/bytes.h"

namespace sockscope::perf_data {

/// A regular file mapped read-only. Its pages are the file's own: however large the file, none of this process's
/// memory holds it. Should another process shorten the file meanwhile, reading what is gone raises SIGBUS.
class MappedFile {
 public:
  /// All of an open regular file; empty bytes of an empty one. kInput, the cause without a name, when it cannot be
  /// mapped. The descriptor is not needed any more.
  [[nodiscard]] static Result<MappedFile> map(const UniqueFd& file);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }

 private:
  explicit MappedFile(Bytes bytes) noexcept : bytes_(bytes) {}

  Bytes bytes_;
};

}  // namespace sockscope::perf_data
