#include "parsers/perf_data/record_stream.h"

#include <algorithm>
#include <limits>

namespace sockscope::perf_data {

RecordStream::RecordStream(const Session& session, const RunIndex& index)
    : session_(&session), lanes_(index.lanes().size()) {
  waiting_.reserve(lanes_.size());
  for (std::size_t number = 0; number < lanes_.size(); ++number) {
    Lane& lane = lanes_[number];
    lane.runs = &index.lanes()[number];
    if (read(lane)) waiting_.push_back(head_of(lane));
  }
  std::ranges::make_heap(waiting_, follows);
}

RecordStream::RecordStream(const RecordStream& other)
    : session_(other.session_),
      lanes_(other.lanes_),
      waiting_(other.waiting_),
      lane_(other.lane_),
      limit_ns_(other.limit_ns_) {
  follow_lanes_of(other);
}

RecordStream& RecordStream::operator=(const RecordStream& other) {
  if (this == &other) return *this;
  session_ = other.session_;
  lanes_ = other.lanes_;
  waiting_ = other.waiting_;
  lane_ = other.lane_;
  limit_ns_ = other.limit_ns_;
  follow_lanes_of(other);
  return *this;
}

/// Makes what points to lanes of the other one point to those of the same number.
void RecordStream::follow_lanes_of(const RecordStream& other) noexcept {
  const auto same = [&](const Lane* lane) { return lanes_.data() + (lane - other.lanes_.data()); };
  for (Head& head : waiting_) head.lane = same(head.lane);
  if (lane_ != nullptr) lane_ = same(lane_);
}

RecordStream::Head RecordStream::head_of(Lane& lane) noexcept {
  return {.time_ns = lane.record.time_ns, .position = lane.record.body.data(), .lane = &lane};
}

bool RecordStream::follows(const Head& one, const Head& other) noexcept {
  if (one.time_ns != other.time_ns) return one.time_ns > other.time_ns;
  return one.position > other.position;
}

const Record* RecordStream::go_on_with(Lane* lane) noexcept {
  lane_ = lane;
  limit_ns_ = waiting_.empty() ? std::numeric_limits<std::uint64_t>::max() : waiting_.front().time_ns;
  return lane_ == nullptr ? nullptr : &lane_->record;
}

// The current lane is at its end.
const Record* RecordStream::next_lane() {
  if (waiting_.empty()) return go_on_with(nullptr);
  std::ranges::pop_heap(waiting_, follows);
  Lane* const lane = waiting_.back().lane;
  waiting_.pop_back();
  return go_on_with(lane);
}

const Record* RecordStream::next_of_all() {
  const Head head = head_of(*lane_);
  if (waiting_.empty() || !follows(head, waiting_.front())) return &lane_->record;
  Lane* const lane = waiting_.front().lane;
  replace_top(head);
  return go_on_with(lane);
}

void RecordStream::replace_top(const Head& head) noexcept {
  std::size_t hole = 0;
  for (std::size_t child = 1; child < waiting_.size(); child = 2 * hole + 1) {
    if (child + 1 < waiting_.size() && follows(waiting_[child], waiting_[child + 1])) ++child;
    if (!follows(head, waiting_[child])) break;
    waiting_[hole] = waiting_[child];
    hole = child;
  }
  waiting_[hole] = head;
}

}  // namespace sockscope::perf_data
