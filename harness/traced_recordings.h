#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "harness/run_record.h"
#include "parsers/perf_data/reader.h"

namespace sockscope {

/// One recording, and of which run it is.
struct RunRecording {
  std::filesystem::path path;
  const RunResult* run = nullptr;  ///< Null if it is of programs, or if no run describes it.
  /// It, once it is opened. Whoever keeps this can have it read again by reread(), even what came through a pipe.
  std::shared_ptr<const perf_data::Reader> reader = nullptr;
};

/// Whether a run of ours left it behind. Any other directory is one of perf record --threads.
[[nodiscard]] bool is_run_directory(const std::filesystem::path& path);

/// The recordings behind a path that are analysed message by message: of a run directory those of recorded programs,
/// or of its traced runs in the order of the runs, without those of nested event sets; else the path itself.
class TracedRecordings {
 public:
  /// kInput, naming the file, when run.json cannot be read.
  [[nodiscard]] static Result<TracedRecordings> of(const std::filesystem::path& path);

  [[nodiscard]] const std::vector<RunRecording>& recordings() const { return recordings_; }
  /// Null unless the recording is of programs.
  [[nodiscard]] const ProgramRun* programs() const;
  [[nodiscard]] bool is_of_run_directory() const { return record_ != nullptr; }

 private:
  TracedRecordings() = default;

  std::unique_ptr<const RunRecord> record_;  // where it is, so that recordings may point into it
  std::vector<RunRecording> recordings_;
};

}  // namespace sockscope
