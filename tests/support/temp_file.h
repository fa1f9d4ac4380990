#pragma once

#include <filesystem>
#include <string_view>

namespace sockscope::test_support {

/// A file with the given content in the temporary directory, removed with this object.
class TempFile {
 public:
  explicit TempFile(std::string_view content);
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  TempFile(TempFile&&) = delete;
  TempFile& operator=(TempFile&&) = delete;
  ~TempFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sockscope::test_support
