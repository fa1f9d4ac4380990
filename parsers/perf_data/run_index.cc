#include "parsers/perf_data/run_index.h"

namespace sockscope::perf_data {

void RunIndex::switch_lane(Bytes whole, std::uint64_t time_ns, bool continues) {
  const std::size_t lane = lane_for(time_ns);
  if (continues && lane == lane_) return;
  close_run();
  lane_ = lane;
  run_ = whole.first(0);
  has_run_ = true;
}

void RunIndex::close_run() {
  if (has_run_ && !run_.empty()) lanes_[lane_].push_back(run_);
  has_run_ = false;
}

std::size_t RunIndex::lane_for(std::uint64_t time_ns) {
  std::size_t best = lanes_.size();
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (latest_[lane] > time_ns) continue;
    if (best == lanes_.size() || latest_[lane] > latest_[best]) best = lane;
  }
  if (best < lanes_.size()) return best;
  if (lanes_.size() == kMaxLanes) return lane_;
  lanes_.emplace_back();
  latest_.push_back(0);
  return best;
}

}  // namespace sockscope::perf_data
