#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "parsers/perf_data/bytes.h"
#include "parsers/perf_data/file_backed_allocator.h"

namespace sockscope::perf_data {

/// A stretch of the file whose times ascend. Records without a time belong to the stretch they lie in.
struct Run {
  Bytes records;
  std::uint64_t first_ns = 0;  ///< Time of its first record that has one; 0: none has.
  std::uint64_t last_ns = 0;
};

using Runs = std::vector<Run, FileBackedAllocator<Run>>;

/// Where the recording is in time order already, so that reading it in order needs a merge and no sorting.
///
/// perf copies one ring buffer after the other into the file, again and again; within a buffer, that is within a CPU,
/// times ascend. A *lane* is a list of runs that ascend together. Each run is appended to the lane that ends latest
/// before it, so that a lane comes to be one CPU's buffer (one thread's with --per-thread, everything in a file already
/// sorted) and there are as many lanes as buffers. Unlike lanes by CPU number this also holds for recordings that say
/// no CPU, and puts the rare inversion within a CPU right.
///
/// Memory: 16 bytes for each chunk that perf wrote, not for each record; file-backed when that comes to much.
class RunIndex {
 public:
  using Lane = std::vector<Bytes, FileBackedAllocator<Bytes>>;

  /// More lanes than any machine has CPUs: reached only by files made to be out of order, whose surplus is then
  /// delivered in the order of the file.
  static constexpr std::size_t kMaxLanes = 1024;

  /// Appends the next run of the file.
  void add(const Run& run);

  [[nodiscard]] const std::vector<Lane>& lanes() const noexcept { return lanes_; }

 private:
  struct End {
    std::uint64_t last_ns = 0;
    std::uint32_t lane = 0;
  };

  [[nodiscard]] std::uint32_t take_lane(const Run& run);

  std::vector<Lane> lanes_;
  std::vector<End> ends_;   // of the lanes, by time
  std::uint32_t lane_ = 0;  // of the latest run
};

}  // namespace sockscope::perf_data
