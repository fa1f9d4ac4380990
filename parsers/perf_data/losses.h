#pragma once

#include <cstdint>
#include <vector>

#include "parsers/perf_data/attr.h"
#include "parsers/perf_data/counters.h"
#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// Adds up what the kernel says it could not record.
class Losses {
 public:
  /// Takes notice of a LOST or LOST_SAMPLES record; any other passes.
  void add(const Record& record, ByteOrder order);

  /// Takes over what was added to another one.
  void append(const Losses& later);

  /// Fills lost_events and lost_by_event.
  void report(const std::vector<Attr>& attrs, Counters& counters) const;

 private:
  // LOST: {u64 id, u64 lost}, the id being that of whichever event came first after the loss, not of what was lost.
  void add_lost(const Record& record, ByteOrder order);
  // LOST_SAMPLES: {u64 lost}, of the event that its trailer names.
  void add_lost_samples(const Record& record, ByteOrder order);

  std::uint64_t lost_ = 0;
  bool has_lost_samples_ = false;
  std::vector<std::uint64_t> lost_samples_;  // by attr, as far as any was lost
  std::uint64_t lost_samples_unknown_ = 0;
};

}  // namespace sockscope::perf_data
