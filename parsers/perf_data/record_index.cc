#include "parsers/perf_data/record_index.h"

#include <vector>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/losses.h"
#include "parsers/perf_data/record_walker.h"

namespace sockscope::perf_data {
namespace {

// The latest time seen of each CPU.
class CpuTimes {
 public:
  // Whether the CPU's times have not gone back with this one.
  bool advance(std::uint32_t cpu, std::uint64_t time_ns) {
    if (cpu >= kMaxCpus) return true;  // none said, or nonsense
    if (cpu >= latest_.size()) latest_.resize(cpu + 1U);
    if (time_ns < latest_[cpu]) return false;
    latest_[cpu] = time_ns;
    return true;
  }

 private:
  static constexpr std::uint32_t kMaxCpus = 8192;  // the kernel's own limit (NR_CPUS)

  std::vector<std::uint64_t> latest_;
};

class Indexer {
 public:
  Indexer(const Session& session, RecordIndex& index) : session_(session), index_(index) {}

  void add(const RawRecord& raw) {
    Counters& counters = index_.counters;
    ++counters.records;
    if (raw.type == record_type::kSample) ++counters.samples;
    const Session::Outcome outcome = session_.decode(raw, record_);
    if (outcome != Session::Outcome::kOk) [[unlikely]] {
      count(outcome);
    }
    if (!Session::is_delivered(outcome)) {
      index_.runs.add(raw.whole, 0);
      return;
    }
    if (record_.time_ns != 0 && !cpu_times_.advance(record_.cpu, record_.time_ns)) ++counters.out_of_order;
    index_.runs.add(raw.whole, record_.time_ns);
    losses_.add(record_, session_.byte_order());
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
  Record record_;
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
