#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "parsers/perf_data/bytes.h"

namespace sockscope::perf_data {

/// Where the recording is in time order already, so that reading it in order needs a merge and no sorting.
///
/// perf copies one ring buffer after the other into the file, again and again; within a buffer, that is within a CPU,
/// times ascend. A *run* is a stretch of the file whose times ascend; a *lane* is a list of runs that ascend together.
/// Each run is appended to the lane that ends latest before it, so that a lane comes to be one CPU's buffer (one
/// thread's with --per-thread, everything in a file already sorted) and there are as many lanes as buffers. Unlike
/// lanes by CPU number this also holds for recordings that say no CPU, and puts the rare inversion within a CPU right.
///
/// Memory: 16 bytes for each chunk that perf wrote, not for each record.
class RunIndex {
 public:
  using Lane = std::vector<Bytes>;

  /// More lanes than any machine has CPUs: reached only by files made to be out of order, whose surplus is then
  /// delivered in the order of the file.
  static constexpr std::size_t kMaxLanes = 1024;

  /// Appends the next record of the file; `whole` must follow the last one directly or begin a new region.
  /// `time_ns` 0: it has no time and stays with its neighbours.
  void add(Bytes whole, std::uint64_t time_ns) {
    const bool continues = has_run_ && whole.data() == run_.data() + run_.size();
    if (!continues || (time_ns != 0 && time_ns < latest_[lane_])) [[unlikely]] {
      switch_lane(whole, time_ns, continues);
    }
    run_ = Bytes(run_.data(), run_.size() + whole.size());
    if (time_ns > latest_[lane_]) latest_[lane_] = time_ns;
  }

  /// Closes the last run; nothing is added after it.
  void finish() { close_run(); }

  [[nodiscard]] const std::vector<Lane>& lanes() const noexcept { return lanes_; }

 private:
  void switch_lane(Bytes whole, std::uint64_t time_ns, bool continues);
  void close_run();
  [[nodiscard]] std::size_t lane_for(std::uint64_t time_ns);

  std::vector<Lane> lanes_;
  std::vector<std::uint64_t> latest_;  // by lane: the time its last timed record has
  std::size_t lane_ = 0;               // of the open run
  Bytes run_;                          // open: not yet in lanes_
  bool has_run_ = false;
};

}  // namespace sockscope::perf_data
