#pragma once

#include "parsers/perf_data/counters.h"
#include "parsers/perf_data/cpu_times.h"
#include "parsers/perf_data/losses.h"
#include "parsers/perf_data/record_walker.h"
#include "parsers/perf_data/run_index.h"
#include "parsers/perf_data/session.h"

namespace sockscope::perf_data {

/// The walk over a stretch of records: what index_records() does, for one of its threads.
class RecordIndexer {
 public:
  explicit RecordIndexer(const Session& session) : session_(&session) {}

  /// Walks on through `region` and says where it stopped: at its end, at a record that makes no sense or that the
  /// region cuts off, or at the first compressed record.
  const std::byte* walk(Bytes region);

  /// Takes over what another one found in the records that follow; false, and nothing happens, when the two walks do
  /// not add up to the one through both: a CPU's times go back from here to there.
  [[nodiscard]] bool append(RecordIndexer& later);

  [[nodiscard]] bool is_compressed() const noexcept { return is_compressed_; }
  [[nodiscard]] const Runs& runs() const noexcept { return runs_; }
  /// Its `truncated` is the caller's to tell, who knows where the stretch ought to end.
  [[nodiscard]] Counters counters() const;

 private:
  // What is not a sample as its attr says; one that is not delivered loses its time.
  void count(Session::Outcome outcome, Record& record);

  const Session* session_;
  Runs runs_;
  CpuTimes cpu_times_;
  Losses losses_;
  Counters counters_;
  bool is_compressed_ = false;
};

}  // namespace sockscope::perf_data
