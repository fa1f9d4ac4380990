#pragma once

#include <filesystem>

#include "analysis/event.h"
#include "analysis/exchange.h"
#include "analysis/trace_result.h"
#include "base/error.h"
#include "harness/formats.h"
#include "harness/traced_recordings.h"
#include "parsers/perf_data/reader.h"

namespace sockscope {

/// Is told what is in recordings, one after another, in one pass each.
class TraceListener {
 public:
  TraceListener() = default;
  TraceListener(const TraceListener&) = delete;
  TraceListener(TraceListener&&) = delete;
  TraceListener& operator=(const TraceListener&) = delete;
  TraceListener& operator=(TraceListener&&) = delete;
  virtual ~TraceListener() = default;

  virtual void begin(const RunRecording& /*recording*/) {}
  /// The same one, before its first event: for what events and exchanges do not tell. Both live until end().
  virtual void opened(const perf_data::Reader& /*reader*/, const Formats& /*formats*/) {}
  /// The decoded events in time order, also those before and after the exchanges.
  virtual void on(const Event& /*event*/) {}
  /// When its last event has come.
  virtual void on(const Exchange& /*exchange*/) {}
  /// Not if it wanted no more.
  virtual void end(const TraceResult& /*result*/) {}
  /// Asked every few thousand events. False: nothing needs to be told any more, of this recording and all others.
  [[nodiscard]] virtual bool wants_more() const { return true; }
};

/// Follows the messages of each traced run of a run directory in the order of the runs, of recorded programs, or of a
/// perf.data that no run describes, as summarise() does; runs with nested event sets are left out. kInput, naming the
/// file, when one cannot be read.
Result<> follow(const std::filesystem::path& path, TraceListener& listener);

}  // namespace sockscope
