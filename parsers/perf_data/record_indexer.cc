#include "parsers/perf_data/record_indexer.h"

namespace sockscope::perf_data {

const std::byte* RecordIndexer::walk(Bytes region) {
  RecordWalker walker(region, session_->byte_order());
  Run run{.records = region.first(0)};
  const auto close_run_at = [&](const std::byte* end) {
    run.records = Bytes(run.records.data(), end);
    if (!run.records.empty()) runs_.push_back(run);
  };
  std::uint64_t good_samples = 0;
  for (RawRecord raw; walker.next(raw);) {
    Record record;
    const Session::Outcome outcome = session_->decode(raw, record);
    if (raw.type == record_type::kSample && outcome == Session::Outcome::kOk) [[likely]] {
      ++good_samples;
    } else if (is_compressed_ = record_type::is_compressed(raw.type); is_compressed_) {
      return raw.whole.data();
    } else {
      count(outcome, record);
    }
    if (record.time_ns == 0) continue;
    if (!cpu_times_.advance(record.cpu, record.time_ns)) ++counters_.out_of_order;
    if (record.time_ns < run.last_ns) [[unlikely]] {
      close_run_at(raw.whole.data());
      run = {.records = raw.whole.first(0)};
    }
    if (run.first_ns == 0) run.first_ns = record.time_ns;
    run.last_ns = record.time_ns;
  }
  close_run_at(walker.position());
  counters_.records += good_samples;
  counters_.samples += good_samples;
  return walker.position();
}

void RecordIndexer::count(Session::Outcome outcome, Record& record) {
  using enum Session::Outcome;
  ++counters_.records;
  if (record.type == record_type::kSample) ++counters_.samples;
  if (outcome == kUnknownType) ++counters_.skipped;
  if (outcome == kOkWithoutAttr || outcome == kUnknownLayout) ++counters_.unknown_ids;
  if (outcome == kMalformed) ++counters_.malformed;
  if (Session::is_delivered(outcome)) {
    losses_.add(record, session_->byte_order());
  } else {
    record.time_ns = 0;
  }
}

bool RecordIndexer::append(RecordIndexer& later) {
  if (!cpu_times_.precede(later.cpu_times_)) return false;
  cpu_times_.append(later.cpu_times_);
  runs_.insert(runs_.end(), later.runs_.begin(), later.runs_.end());
  losses_.append(later.losses_);
  counters_.records += later.counters_.records;
  counters_.samples += later.counters_.samples;
  counters_.out_of_order += later.counters_.out_of_order;
  counters_.skipped += later.counters_.skipped;
  counters_.unknown_ids += later.counters_.unknown_ids;
  counters_.malformed += later.counters_.malformed;
  is_compressed_ = is_compressed_ || later.is_compressed_;
  return true;
}

Counters RecordIndexer::counters() const {
  Counters counters = counters_;
  losses_.report(session_->attrs(), counters);
  return counters;
}

}  // namespace sockscope::perf_data
