#include "parsers/perf_data/record_index.h"

#include <algorithm>
#include <vector>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/losses.h"
#include "parsers/perf_data/record_walker.h"

namespace sockscope::perf_data {
namespace {

// The latest time seen of each CPU.
class CpuTimes {
 public:
  // Whether the CPU's times have not gone back with this one. perf writes one CPU's records in a row: nearly always
  // it is the CPU of the last time.
  bool advance(std::uint32_t cpu, std::uint64_t time_ns) {
    if (cpu != cpu_ || time_ns < latest_of_cpu_) [[unlikely]] {
      return turn_to(cpu, time_ns);
    }
    latest_of_cpu_ = time_ns;
    return true;
  }

 private:
  static constexpr std::uint32_t kMaxCpus = 8192;  // the kernel's own limit (NR_CPUS)

  bool turn_to(std::uint32_t cpu, std::uint64_t time_ns) {
    if (cpu >= kMaxCpus) return true;  // none said, or nonsense
    if (cpu >= latest_.size()) latest_.resize(cpu + 1U);
    if (cpu_ < latest_.size()) latest_[cpu_] = latest_of_cpu_;
    cpu_ = cpu;
    latest_of_cpu_ = std::max(latest_[cpu], time_ns);
    return time_ns >= latest_[cpu];
  }

  std::vector<std::uint64_t> latest_;
  std::uint32_t cpu_ = kNoCpu;
  std::uint64_t latest_of_cpu_ = 0;
};

class Indexer {
 public:
  Indexer(const Session& session, RecordIndex& index) : session_(session), index_(index) {}

  void add(const RawRecord& raw) {
    Counters& counters = index_.counters;
    ++counters.records;
    Record record;
    const Session::Outcome outcome = session_.decode(raw, record);
    if (outcome != Session::Outcome::kOk) [[unlikely]] {
      count(outcome);
    }
    const bool delivered = Session::is_delivered(outcome);
    const std::uint64_t time_ns = delivered ? record.time_ns : 0;
    if (time_ns != 0 && !cpu_times_.advance(record.cpu, time_ns)) ++counters.out_of_order;
    index_.runs.add(raw.whole, time_ns);
    if (raw.type == record_type::kSample) [[likely]] {
      ++counters.samples;
    } else if (delivered) {
      losses_.add(record, session_.byte_order());
    }
  }

  void finish() {
    index_.runs.finish();
    losses_.report(session_.attrs(), index_.counters);
  }

 private:
  void count(Session::Outcome outcome) {
    Counters& counters = index_.counters;
    using enum Session::Outcome;
    if (outcome == kUnknownType) ++counters.skipped;
    if (outcome == kOkWithoutAttr || outcome == kUnknownLayout) ++counters.unknown_ids;
    if (outcome == kMalformed) ++counters.malformed;
  }

  const Session& session_;
  RecordIndex& index_;
  CpuTimes cpu_times_;
  Losses losses_;
};

}  // namespace

Result<RecordIndex> index_records(const Session& session, Bytes records) {
  RecordIndex index;
  Indexer indexer(session, index);
  RecordWalker walker(records, session.byte_order());
  for (RawRecord raw; walker.next(raw);) {
    if (raw.type == record_type::kCompressed || raw.type == record_type::kCompressed2) [[unlikely]] {
      return fail(ErrorKind::kInput, "is compressed (perf record -z); record it without -z");
    }
    indexer.add(raw);
  }
  indexer.finish();
  index.counters.truncated = walker.broken();
  return index;
}

}  // namespace sockscope::perf_data
