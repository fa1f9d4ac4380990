#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "analysis/message_path.h"
#include "analysis/recent_events.h"
#include "analysis/trace_result.h"

namespace sockscope {

/// Adds up the round trips of one protocol, and the messages that belong to none.
class ProtocolTotals {
 public:
  explicit ProtocolTotals(Protocol protocol);

  void message_sent() { ++trace_.summary.messages; }
  void message_matched() { ++trace_.summary.matched; }

  /// A round trip of which both messages were followed. Records its stages, or counts it as unsound and says false.
  bool round_trip(const MessagePath& request, const MessagePath& response);

  /// The parts of such a round trip, which was sound, with the events in each. The client's round trip before it ended
  /// at `previous_end_ns`.
  void parts_of(const MessagePath& request, const MessagePath& response, std::uint64_t previous_end_ns,
                const RecentEvents& events);

  /// A complete message without an answer, or that answers nothing. What these took is reported only if there is no
  /// round trip at all: the stages add up to the round trips. Counts it as unsound and says false, as round_trip().
  bool one_way(Direction direction, const MessagePath& path);

  /// The time between two requests of one client.
  void period(std::uint64_t ns) { trace_.summary.period.record(ns); }

  /// The running counts of a thread of the flow, at a request's send and at a response's arrival: what lies between
  /// the first of one and the last of the other, divided by the requests between them, are the protocol's counts.
  void counts_at_request(std::int32_t tid, bool is_client, const PathCounts& counts) {
    threads_.try_emplace(tid, Thread{is_client, counts, counts});
  }
  void counts_at_response(std::int32_t tid, const PathCounts& counts);

  void request_sent() { ++requests_; }

  /// The threads of the flows: (thread id, whether it is a client's).
  [[nodiscard]] std::vector<std::pair<std::int32_t, bool>> threads() const;

  [[nodiscard]] Protocol protocol() const { return trace_.protocol; }
  [[nodiscard]] bool empty() const { return trace_.summary.rtt.empty() && one_way_.empty(); }
  /// Everything but the threads.
  [[nodiscard]] ProtocolTrace result() const;

 private:
  struct Thread {
    bool is_client = false;
    PathCounts first;
    PathCounts last;
  };

  /// One-way messages of one direction.
  struct OneWay {
    std::vector<StageSummary> stages;
    DeviceTimes devices{};
    Histogram times;
  };

  ProtocolTrace trace_;
  std::map<Direction, OneWay> one_way_;
  std::uint64_t requests_ = 0;
  std::map<std::int32_t, Thread> threads_;
};

}  // namespace sockscope
