#include "parsers/perf_data/record_stream.h"

#include <algorithm>

namespace sockscope::perf_data {

RecordStream::RecordStream(const Session& session, const RunIndex& index)
    : session_(&session), lanes_(index.lanes().size()) {
  heap_.reserve(lanes_.size());
  for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
    lanes_[lane].runs = &index.lanes()[lane];
    Head head{.lane = lane};
    if (advance(head)) heap_.push_back(head);
  }
  std::ranges::sort(heap_, precedes);  // a sorted list is a heap
}

const Record* RecordStream::next() {
  if (first_is_out_) replace_first();
  first_is_out_ = !heap_.empty();
  return first_is_out_ ? &lanes_[heap_.front().lane].record : nullptr;
}

bool RecordStream::precedes(const Head& one, const Head& other) noexcept {
  if (one.time_ns != other.time_ns) return one.time_ns < other.time_ns;
  return one.position < other.position;
}

// Reads the lane's next record. Its bounds are checked anew: what the index saw may have changed under the mapping.
bool RecordStream::advance(Head& head) {
  Lane& lane = lanes_[head.lane];
  while (true) {
    for (RawRecord raw; lane.walker.next(raw);) {
      if (!Session::is_delivered(session_->decode(raw, lane.record))) continue;
      head.time_ns = lane.record.time_ns;
      head.position = raw.body.data();
      return true;
    }
    if (lane.next_run == lane.runs->size()) return false;
    lane.walker = RecordWalker((*lane.runs)[lane.next_run++], session_->byte_order());
  }
}

void RecordStream::replace_first() {
  Head head = heap_.front();
  if (!advance(head)) {
    head = heap_.back();
    heap_.pop_back();
    if (heap_.empty()) return;
  }
  std::size_t hole = 0;
  for (std::size_t child = 1; child < heap_.size(); child = 2 * hole + 1) {
    if (child + 1 < heap_.size() && precedes(heap_[child + 1], heap_[child])) ++child;
    if (!precedes(heap_[child], head)) break;
    heap_[hole] = heap_[child];
    hole = child;
  }
  heap_[hole] = head;
}

}  // namespace sockscope::perf_data
