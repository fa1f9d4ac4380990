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
/// Valid as long as the Reader it came from; several streams of one Reader are independent.
class RecordStream {
 public:
  RecordStream(const Session& session, const RunIndex& index);

  /// The next record, valid until the next call; null at the end.
  [[nodiscard]] const Record* next();

 private:
  struct Lane {
    const RunIndex::Lane* runs = nullptr;
    std::size_t next_run = 0;
    RecordWalker walker;
    Record record;
  };

  // A lane's place in the merge. Apart from the lane, so that the heap moves little.
  struct Head {
    std::uint64_t time_ns = 0;            // 0, for a record without a time, makes it the next: it stays in its place
    const std::byte* position = nullptr;  // breaks ties by the order of the file
    std::uint32_t lane = 0;
  };

  [[nodiscard]] static bool precedes(const Head& one, const Head& other) noexcept;
  [[nodiscard]] bool advance(Head& head);
  void replace_first();

  const Session* session_;
  std::vector<Lane> lanes_;
  std::vector<Head> heap_;  // the head that is next, first
  bool first_is_out_ = false;
};

}  // namespace sockscope::perf_data
