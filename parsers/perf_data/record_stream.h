#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "parsers/perf_data/record.h"
#include "parsers/perf_data/record_walker.h"
#include "parsers/perf_data/run_index.h"
#include "parsers/perf_data/session.h"

namespace sockscope::perf_data {

/// The records of a recording in time order, one pull at a time. Merges the lanes of the RunIndex: no sorting, no
/// allocation and no virtual call per record. Equal times keep the order of the file. Records without a time come in
/// their place in the file's own sequence, which for what perf synthesised at the start is first.
///
///     for (auto stream = reader.records(); const Record* record = stream.next();) ...
///
/// Valid as long as the Reader it came from; several streams of one Reader are independent. A copy goes on with the
/// record that the original would come to next.
class RecordStream {
 public:
  RecordStream(const Session& session, const RunIndex& index);
  RecordStream(const RecordStream& other);
  RecordStream& operator=(const RecordStream& other);
  RecordStream(RecordStream&&) noexcept = default;
  RecordStream& operator=(RecordStream&&) noexcept = default;
  ~RecordStream() = default;

  /// What a copy takes.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return sizeof *this + lanes_.size() * (sizeof(Lane) + sizeof(Head));
  }

  /// The next record, valid until the next call; null at the end.
  [[nodiscard]] const Record* next() {
    if (lane_ == nullptr || !read(*lane_)) return next_lane();
    // Nearly always the lane goes on below the first time of all others.
    if (lane_->record.time_ns < limit_ns_) [[likely]] {
      return &lane_->record;
    }
    return next_of_all();
  }

 private:
  struct Lane {
    const RunIndex::Lane* runs = nullptr;
    std::size_t next_run = 0;
    RecordWalker walker;
    Record record;
  };

  // Bounds are checked anew: what the index saw may have changed under the mapping.
  [[nodiscard]] bool read(Lane& lane) const {
    while (true) {
      for (RawRecord raw; lane.walker.next(raw);) {
        if (Session::is_delivered(session_->decode(raw, lane.record))) [[likely]] {
          return true;
        }
      }
      if (lane.next_run == lane.runs->size()) return false;
      lane.walker = RecordWalker((*lane.runs)[lane.next_run++], session_->byte_order());
    }
  }

  // What a lane waits with, apart from the lane, so that the heap moves little.
  struct Head {
    std::uint64_t time_ns = 0;            // 0, for a record without a time, makes it the next: it stays in its place
    const std::byte* position = nullptr;  // breaks ties by the order of the file
    Lane* lane = nullptr;
  };

  void follow_lanes_of(const RecordStream& other) noexcept;
  [[nodiscard]] static Head head_of(Lane& lane) noexcept;
  [[nodiscard]] static bool follows(const Head& one, const Head& other) noexcept;
  [[nodiscard]] const Record* next_lane();
  [[nodiscard]] const Record* next_of_all();
  void replace_top(const Head& head) noexcept;
  [[nodiscard]] const Record* go_on_with(Lane* lane) noexcept;

  const Session* session_;
  std::vector<Lane> lanes_;
  std::vector<Head> waiting_;   // all lanes but the current one: a heap, the next on top
  Lane* lane_ = nullptr;        // the current one; none before the first record and behind the last
  std::uint64_t limit_ns_ = 0;  // below it the current lane's next record needs no comparison
};

}  // namespace sockscope::perf_data
