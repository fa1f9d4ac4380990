#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sockscope {

/// A directory in the temporary one that a test fills as it likes: a fake /sys, a run directory. Removed with this
/// object.
class TempTree {
 public:
  TempTree();
  TempTree(const TempTree&) = delete;
  TempTree(TempTree&&) = delete;
  TempTree& operator=(const TempTree&) = delete;
  TempTree& operator=(TempTree&&) = delete;
  ~TempTree();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }
  [[nodiscard]] std::string str() const { return path_.string(); }

  /// Writes a file, making the directories above it.
  TempTree& file(const std::filesystem::path& name, std::string_view content);
  /// The same, executable.
  TempTree& program(const std::filesystem::path& name, std::string_view script);

  [[nodiscard]] bool is_empty() const;

 private:
  std::filesystem::path path_;
};

/// A file's content; empty if it cannot be read.
std::string content_of(const std::filesystem::path& path);

/// Sets an environment variable for its own life.
class ScopedEnvironment {
 public:
  ScopedEnvironment(std::string name, const std::string& value);
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment(ScopedEnvironment&&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(ScopedEnvironment&&) = delete;
  ~ScopedEnvironment();

 private:
  std::string name_;
  std::string before_;
  bool was_set_;
};

}  // namespace sockscope
