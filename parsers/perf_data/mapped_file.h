#pragma once

#include <filesystem>

#include "base/error.h"
#include "parsers/perf_data/bytes.h"

namespace sockscope::perf_data {

/// A regular file mapped read-only. Its pages are the file's own: however large the file, none of this process's
/// memory holds it. Should another process shorten the file meanwhile, reading what is gone raises SIGBUS.
class MappedFile {
 public:
  /// kInput, naming the path: missing, forbidden, not a regular file, empty.
  [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& path);

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
