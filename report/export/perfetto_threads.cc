#include "report/export/perfetto_threads.h"

#include <fmt/format.h>

#include <utility>

namespace sockscope {

void PerfettoThreads::begin(std::string recording) {
  recording_ = std::move(recording);
  last_tid_ = 0;
  tracks_.clear();
  processes_.clear();
}

std::uint64_t PerfettoThreads::track_of(std::int32_t tid) const {
  const auto found = tracks_.find(tid);
  return found == tracks_.end() ? 0 : found->second;
}

void PerfettoThreads::add(std::int32_t pid, std::int32_t tid, std::string_view name) {
  if (processes_.insert(pid).second) {
    packets_.process(pid, recording_.empty() ? std::string(name) : fmt::format("{} ({})", name, recording_));
  }
  const std::uint64_t track = packets_.new_track();
  tracks_.emplace(tid, track);
  packets_.thread(track, pid, tid, name);
}

}  // namespace sockscope
