#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "analysis/event.h"
#include "analysis/event_decoder.h"
#include "analysis/exchange.h"
#include "analysis/lost_message.h"
#include "analysis/trace_result.h"
#include "base/error.h"
#include "harness/formats.h"
#include "harness/traced_recordings.h"
#include "parsers/perf_data/reader.h"
#include "parsers/perf_data/record_stream.h"

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

  /// Before its first event. It is open: its reader and the formats, which live until end(), have what events and
  /// exchanges do not tell.
  virtual void begin(const RunRecording& /*recording*/, const Formats& /*formats*/) {}
  /// Now and then, if it wants_streams(): a copy of this one would come to the records that the next events are of.
  virtual void on(const perf_data::RecordStream& /*before*/) {}
  [[nodiscard]] virtual bool wants_streams() const { return false; }
  /// The decoded events in time order, also those before and after the exchanges.
  virtual void on(const Event& /*event*/) {}
  /// When its last event has come.
  virtual void on(const Exchange& /*exchange*/) {}
  /// When it is dropped.
  virtual void on(const LostMessage& /*message*/) {}
  /// Not if it wanted no more.
  virtual void end(const TraceResult& /*result*/) {}
  /// Asked every few thousand events. False: nothing needs to be told any more, of this recording and all others.
  [[nodiscard]] virtual bool wants_more() const { return true; }
};

/// Follows the messages of each traced run of a run directory in the order of the runs, of recorded programs, or of a
/// perf.data that no run describes, as summarise() does; runs with nested event sets are left out. kInput, naming the
/// file, when one cannot be read.
Result<> follow(const std::filesystem::path& path, TraceListener& listener);

/// Is given a recording again, what it is read with, and which one of follow()'s it is, counted from 0.
using Rereader = std::function<void(std::size_t index, const perf_data::Reader& reader, const EventDecoder& decoder)>;

/// Gives those of follow()'s recordings again of which there is a reader, which begin() was given; the others' are
/// null.
Result<> reread(const std::filesystem::path& path, const std::vector<std::shared_ptr<const perf_data::Reader>>& readers,
                const Rereader& rereader);

}  // namespace sockscope
