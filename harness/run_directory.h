#pragma once

#include <filesystem>

#include "base/error.h"
#include "harness/run_record.h"

/// A run directory: run.json, <protocol>-<round>.perf.data, summary.json (results/README.md).
namespace sockscope {

/// Makes the directory. kUsage if it holds a run already or is no directory; kEnvironment if it cannot be made.
Result<> make_run_directory(const std::filesystem::path& directory);

/// Writes run.json.
Result<> save_run(const std::filesystem::path& directory, const RunRecord& record);

/// Reads run.json. kInput, naming the file, if it is missing, damaged or of a newer major version.
Result<RunRecord> load_run(const std::filesystem::path& directory);

/// Writes a whole file. kEnvironment, naming it, if that fails.
Result<> write_file(const std::filesystem::path& path, std::string_view content);

/// Under sudo: gives a file or a directory with its content to the user who called sudo. Otherwise nothing.
void give_to_invoker(const std::filesystem::path& path);

/// A directory below the system's temporary one, removed with its content at the end.
class TemporaryDirectory {
 public:
  static Result<TemporaryDirectory> make();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace sockscope
