#include "parsers/perf_data/losses.h"

#include <algorithm>
#include <limits>
#include <string>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::perf_data {
namespace {

// A damaged count must not wrap round to a small one.
void add_to(std::uint64_t& sum, std::uint64_t count) {
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  sum = count > max - sum ? max : sum + count;
}

}  // namespace

void Losses::add(const Record& record, ByteOrder order) {
  if (record.type == record_type::kLost) add_lost(record, order);
  if (record.type == record_type::kLostSamples) add_lost_samples(record, order);
}

void Losses::add_lost(const Record& record, ByteOrder order) {
  ByteCursor cursor(record.payload, order);
  std::uint64_t id = 0;
  std::uint64_t count = 0;
  if (cursor.read(id) && cursor.read(count)) add_to(lost_, count);
}

void Losses::add_lost_samples(const Record& record, ByteOrder order) {
  if ((record.misc & record_misc::kLostSamplesBpf) != 0) return;
  ByteCursor cursor(record.payload, order);
  std::uint64_t count = 0;
  if (!cursor.read(count)) return;
  has_lost_samples_ = true;
  if (record.attr == kNoAttr) return add_to(lost_samples_unknown_, count);
  if (record.attr >= lost_samples_.size()) lost_samples_.resize(record.attr + 1);
  add_to(lost_samples_[record.attr], count);
}

void Losses::append(const Losses& later) {
  add_to(lost_, later.lost_);
  add_to(lost_samples_unknown_, later.lost_samples_unknown_);
  has_lost_samples_ = has_lost_samples_ || later.has_lost_samples_;
  lost_samples_.resize(std::max(lost_samples_.size(), later.lost_samples_.size()));
  for (std::size_t attr = 0; attr < later.lost_samples_.size(); ++attr) {
    add_to(lost_samples_[attr], later.lost_samples_[attr]);
  }
}

void Losses::report(const std::vector<Attr>& attrs, Counters& counters) const {
  if (!has_lost_samples_) {
    counters.lost_events = lost_;
    return;
  }
  const auto count_under = [&counters](const std::string& name, std::uint64_t count) {
    if (count == 0) return;
    add_to(counters.lost_by_event[name.empty() ? "(unknown event)" : name], count);
    add_to(counters.lost_events, count);
  };
  for (std::size_t attr = 0; attr < lost_samples_.size(); ++attr) count_under(attrs[attr].name, lost_samples_[attr]);
  count_under({}, lost_samples_unknown_);
}

}  // namespace sockscope::perf_data
