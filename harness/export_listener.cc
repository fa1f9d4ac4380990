#include "harness/export_listener.h"

#include "harness/warnings.h"

namespace sockscope {

void ExportListener::begin(const RunRecording& recording, const Formats& /*formats*/) {
  progress_.begin(recording.path.filename().string());
  reader_ = recording.reader;
}

void ExportListener::on(const Event& /*event*/) { progress_.count_event(); }

void ExportListener::end(const TraceResult& result) {
  progress_.clear();
  const perf_data::Counters& counters = reader_->counters();
  const std::uint64_t known = counters.unknown_ids + counters.malformed;  // they are said apart
  warn_of_doubts(counters, result.quality.undecoded_events - known, reader_->name());
}

MessageSource source_of(const RunRecording& recording) {
  if (recording.run == nullptr) return {};
  return {.variant = recording.run->variant.key, .round = recording.run->step.round};
}

}  // namespace sockscope
