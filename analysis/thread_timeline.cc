#include "analysis/thread_timeline.h"

#include <algorithm>

namespace sockscope {

void ThreadTimeline::waking(std::uint64_t time_ns) {
  if (state_ == State::kRunning) return;
  if (woken_ns_ == 0) woken_ns_ = time_ns;
  enter(State::kRunnable, time_ns);
}

void ThreadTimeline::switch_in(std::uint64_t time_ns, Source source) {
  if (state_ == State::kRunning) return;
  if (window_.contains(time_ns)) {
    ++switch_ins_;
    if (source == Source::kSwitchRecord) ++switch_ins_from_records_;
    if (woken_ns_ != 0) summary_.sch_delay.record(time_ns - woken_ns_);
  }
  woken_ns_ = 0;
  enter(State::kRunning, time_ns);
}

void ThreadTimeline::switch_out(std::uint64_t time_ns, bool is_involuntary) {
  if (window_.contains(time_ns)) {
    ++(is_involuntary ? summary_.traced.involuntary : summary_.traced.voluntary);
    if (woken_ns_ != 0) ++unmatched_wakeups_;
  }
  woken_ns_ = 0;
  enter(is_involuntary ? State::kRunnable : State::kSleeping, time_ns);
}

void ThreadTimeline::migrated(std::uint64_t time_ns) {
  if (window_.contains(time_ns)) ++summary_.migrations;
}

void ThreadTimeline::named(std::string_view padded_comm) {
  const std::string& comm = summary_.comm;
  const bool is_same = padded_comm.starts_with(comm) && padded_comm.substr(comm.size()).starts_with('\0');
  if (!is_same) summary_.comm = padded_comm.substr(0, padded_comm.find('\0'));
}

void ThreadTimeline::enter(State state, std::uint64_t time_ns) {
  const std::uint64_t from = std::max(since_ns_, window_.from_ns);
  const std::uint64_t to = std::min(time_ns, window_.to_ns);
  const std::uint64_t spent = to > from ? to - from : 0;
  if (state_ == State::kRunning) summary_.running_ns += spent;
  if (state_ == State::kRunnable) summary_.runnable_ns += spent;
  if (state_ == State::kSleeping) summary_.sleeping_ns += spent;
  state_ = state;
  since_ns_ = time_ns;
}

}  // namespace sockscope
