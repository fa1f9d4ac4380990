#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "analysis/event.h"
#include "analysis/summary.h"
#include "analysis/trace_result.h"

namespace sockscope {

/// A recording written by hand, one event a call, in time order. Each event happens in the thread named last:
///
///     log.in(kClientTid).send(1000, 4, 64).queue(1300, 0xa, 130).rx(1400, 0xa);
class EventLog {
 public:
  EventLog& in(std::int32_t tid);

  EventLog& send(std::uint64_t time_ns, int fd, std::uint64_t length);
  EventLog& sendmsg(std::uint64_t time_ns, int fd);  ///< A send whose length is not an argument.
  EventLog& recv(std::uint64_t time_ns, int fd);
  EventLog& other_call(std::uint64_t time_ns);
  EventLog& exit(std::uint64_t time_ns, std::int64_t ret);
  EventLog& sock(std::uint64_t time_ns, std::uint64_t sk, Protocol protocol);

  EventLog& queue(std::uint64_t time_ns, std::uint64_t skb, std::uint32_t len);
  EventLog& rx(std::uint64_t time_ns, std::uint64_t skb);
  EventLog& xmit(std::uint64_t time_ns);
  EventLog& softirq(std::uint64_t time_ns);
  EventLog& receive(std::uint64_t time_ns, std::uint64_t skb);
  EventLog& probe(std::uint64_t time_ns, std::uint64_t skb, std::uint64_t sk, std::uint16_t data_len);
  EventLog& ready(std::uint64_t time_ns, std::uint64_t sk);

  EventLog& waking(std::uint64_t time_ns, std::int32_t pid);
  EventLog& migrate(std::uint64_t time_ns, std::int32_t pid);
  /// From the thread named last to `next`, which is the thread named last from here on.
  EventLog& switch_to(std::uint64_t time_ns, std::int32_t next, bool is_involuntary = false);
  EventLog& switch_in(std::uint64_t time_ns);

  EventLog& add(std::uint64_t time_ns, const EventBody& body);

  [[nodiscard]] auto begin() const { return events_.begin(); }
  [[nodiscard]] auto end() const { return events_.end(); }

  /// The same recording on a machine that lacks these events.
  template <class... Bodies>
  [[nodiscard]] EventLog without() const {
    EventLog rest = *this;
    std::erase_if(rest.events_, [](const Event& event) { return (std::holds_alternative<Bodies>(event.body) || ...); });
    return rest;
  }

  /// With another recording's events merged in by time.
  [[nodiscard]] EventLog with(const EventLog& other) const;

 private:
  std::vector<Event> events_;
  std::int32_t tid_ = 0;
};

TraceResult analyse(const EventLog& log, std::span<const KnownFlow> flows = {});

/// The stages one by one: "request send 300", "response wake-up absent", and with several round trips that differ
/// "request send 300..350" or "request wake-up 400, absent 1".
std::vector<std::string> lines_of(const std::vector<StageSummary>& stages);

/// The protocol's part of the result; an empty one if it has none.
ProtocolTrace trace_of(const TraceResult& result, Protocol protocol);

}  // namespace sockscope
