#include "parsers/perf_data/run_index.h"

#include <algorithm>

namespace sockscope::perf_data {

void RunIndex::add(const Run& run) {
  lane_ = take_lane(run);
  Lane& lane = lanes_[lane_];
  if (!lane.empty() && lane.back().data() + lane.back().size() == run.records.data()) {
    lane.back() = Bytes(lane.back().data(), lane.back().size() + run.records.size());
  } else {
    lane.push_back(run.records);
  }
}

std::uint32_t RunIndex::take_lane(const Run& run) {
  if (run.first_ns == 0 && !lanes_.empty()) return lane_;
  auto behind = std::ranges::upper_bound(ends_, run.first_ns, {}, &End::last_ns);
  if (behind == ends_.begin()) {
    if (lanes_.size() == kMaxLanes) return lane_;
    behind = ends_.insert(behind, End{.last_ns = 0, .lane = static_cast<std::uint32_t>(lanes_.size())}) + 1;
    lanes_.emplace_back();
  }
  const auto taken = behind - 1;
  taken->last_ns = run.last_ns;
  const std::uint32_t lane = taken->lane;
  std::rotate(taken, behind, std::ranges::upper_bound(behind, ends_.end(), run.last_ns, {}, &End::last_ns));
  return lane;
}

}  // namespace sockscope::perf_data
