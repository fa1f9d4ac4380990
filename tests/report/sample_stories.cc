#include "tests/report/sample_stories.h"

#include <utility>

namespace sockscope::testing {
namespace {

constexpr std::uint64_t kBegin = 1'000'000;
constexpr std::int32_t kClient = 10;
constexpr std::int32_t kServer = 20;

Event at(std::uint64_t ns, std::int32_t tid, EventBody body) {
  return {.time_ns = kBegin + ns, .tid = tid, .cpu = 0, .body = std::move(body)};
}

PathSegment part(std::uint64_t from, std::uint64_t to, Direction direction, Stage stage, std::int32_t task) {
  return {.from_ns = kBegin + from,
          .to_ns = kBegin + to,
          .direction = direction,
          .stage = stage,
          .cause = PathCause::kRunning,
          .task = task,
          .who = task,
          .cpu = 0};
}

/// The same with its last segment, and so the whole, longer by so much.
ExchangeStory slower(std::uint64_t more_ns) {
  ExchangeStory story = sample_story();
  story.exchange.response->exit_ns += more_ns;
  story.segments.back().to_ns += more_ns;
  story.segments.back().cause = PathCause::kPreempted;
  story.segments.back().who = 30;
  story.culprit = story.segments.size() - 1;
  story.names[30] = "</script><script>alert(1)</script>";
  story.events.back().time_ns += more_ns;
  return story;
}

}  // namespace

ExchangeStory sample_story() {
  ExchangeStory story;
  story.variant = "tcp";
  story.round = 3;
  story.exchange = {.protocol = Protocol::kTcp,
                    .client_tid = kClient,
                    .server_tid = kServer,
                    .request = MessagePath{.enter_ns = kBegin,
                                           .queue_ns = kBegin + 600,
                                           .rx_ns = kBegin + 800,
                                           .receive_ns = kBegin + 1'200,
                                           .ready_ns = kBegin + 1'900,
                                           .waking_ns = kBegin + 2'000,
                                           .switch_ns = kBegin + 3'000,
                                           .exit_ns = kBegin + 4'000},
                    .response = MessagePath{.enter_ns = kBegin + 4'500,
                                            .queue_ns = kBegin + 5'100,
                                            .rx_ns = kBegin + 5'300,
                                            .receive_ns = kBegin + 5'700,
                                            .ready_ns = kBegin + 6'500,
                                            .waking_ns = 0,
                                            .switch_ns = 0,
                                            .exit_ns = kBegin + 10'000}};
  story.events = {at(0, kClient, SyscallEnter{.kind = SyscallKind::kSend, .fd = 3, .length = 64}),
                  at(600, kClient, NetDevQueue{.skbaddr = 1, .len = 130, .device = NetDevice::kLoopback}),
                  at(800, kClient, NetifRx{.skbaddr = 1, .device = NetDevice::kLoopback}),
                  at(1'000, kClient, NetRxSoftirq{}),
                  at(1'200, kClient, NetifReceiveSkb{.skbaddr = 1, .device = NetDevice::kLoopback}),
                  at(1'900, kClient, SkDataReady{.skaddr = 2}),
                  at(2'000, kClient, SchedWaking{.pid = kServer}),
                  at(2'500, kClient, SyscallExit{.ret = 64}),
                  at(3'000, kClient, SchedSwitch{.prev_pid = kClient, .next_pid = kServer, .is_involuntary = false}),
                  at(4'000, kServer, SyscallExit{.ret = 64}),
                  at(7'000, kServer, SchedSwitch{.prev_pid = kServer, .next_pid = kClient, .is_involuntary = true}),
                  at(10'000, kClient, SyscallExit{.ret = 64})};
  story.segments = {part(0, 600, Direction::kRequest, Stage::kSend, kClient),
                    part(600, 4'000, Direction::kRequest, Stage::kDeliver, kServer),
                    part(4'000, 4'500, Direction::kServer, Stage::kTurnAround, kServer),
                    part(4'500, 10'000, Direction::kResponse, Stage::kDeliver, kClient)};
  story.culprit = 1;
  story.names = {{kClient, "echo-client"}, {kServer, "echo-server"}};
  return story;
}

SlowestExchanges sample_exchanges() {
  SlowestExchanges found;
  found.groups = {{.variant = "tcp", .are_round_trips = true, .durations = {}, .median = sample_story()}};
  ExchangeStory crowded = slower(20'000);
  const Event last = crowded.events.back();
  crowded.events.pop_back();
  for (std::uint64_t i = 0; crowded.events.size() < 999; ++i) {
    const bool to_other = i % 2 == 0;
    crowded.events.push_back(at(11'000 + i, to_other ? kClient : 30,
                                SchedSwitch{.prev_pid = to_other ? kClient : 30, .next_pid = to_other ? 30 : kClient}));
  }
  crowded.events.push_back(last);
  found.slowest = {slower(40'000), std::move(crowded)};
  found.unmatched = 7;
  return found;
}

}  // namespace sockscope::testing
