#include "harness/traced_recordings.h"

#include <system_error>
#include <utility>

#include "harness/run_directory.h"

namespace sockscope {

bool is_run_directory(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path / "run.json", ignored);
}

Result<TracedRecordings> TracedRecordings::of(const std::filesystem::path& path) {
  TracedRecordings traced;
  if (!is_run_directory(path)) {
    traced.recordings_.push_back({.path = path});
    return traced;
  }
  auto record = load_run(path);
  if (!record) return pass_on(record);
  traced.record_ = std::make_unique<const RunRecord>(std::move(*record));
  if (const ProgramRun* const programs = traced.programs()) {
    traced.recordings_.push_back({.path = path / programs->recording});
  }
  for (const RunResult& run : traced.record_->runs) {
    if (run.step.watch == Watch::kPerf) traced.recordings_.push_back({.path = path / run.recording, .run = &run});
  }
  return traced;
}

const ProgramRun* TracedRecordings::programs() const {
  return record_ != nullptr && record_->programs ? &*record_->programs : nullptr;
}

}  // namespace sockscope
