#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <tuple>
#include <utility>

#include "analysis/device_times.h"
#include "analysis/laws.h"
#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

/// Messages that go through several devices.
namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using enum NetDevice;

/// A packet's events at devices, one every 10 ns from `from_ns` on, in the thread named last.
class Way {
 public:
  Way(EventLog& log, std::uint64_t skb, std::uint64_t from_ns) : log_(log), skb_(skb), now_(from_ns) {}

  Way& queue(NetDevice device) {
    log_.add(next(), NetDevQueue{.skbaddr = skb_, .len = 106, .device = device});
    log_.add(now_ - 5, NetDevXmit{.device = device});
    return *this;
  }
  Way& rx(NetDevice device) {
    log_.add(next(), NetifRx{.skbaddr = skb_, .device = device});
    return *this;
  }
  Way& receive(NetDevice device) {
    log_.add(next(), NetifReceiveSkb{.skbaddr = skb_, .device = device});
    return *this;
  }

 private:
  std::uint64_t next() { return std::exchange(now_, now_ + 10); }
  EventLog& log_;
  std::uint64_t skb_;
  std::uint64_t now_;
};

/// One message over UDP from `from` to `to`, who sleeps in its receive: sent at `at`, its way begins 100 later, it is
/// at the socket 300 later and read 500 later.
template <class WayOf>
void add_message(EventLog& log, std::uint64_t at, bool is_request, const WayOf& way_of) {
  const auto [from, from_fd, from_sk] = std::tuple{
      is_request ? kClientTid : kServerTid, is_request ? kClientFd : kServerFd, is_request ? kClientSk : kServerSk};
  const auto [to, to_fd, to_sk] = std::tuple{is_request ? kServerTid : kClientTid, is_request ? kServerFd : kClientFd,
                                             is_request ? kServerSk : kClientSk};
  log.in(from).send(at, from_fd, 64);
  Way way(log, is_request ? kRequestSkb : kResponseSkb, at + 100);
  way_of(way);
  log.ready(at + 300, to_sk).waking(at + 310, to).sock(at + 320, from_sk, Protocol::kUdp).exit(at + 330, 64);
  log.recv(at + 340, from_fd).switch_to(at + 400, to).sock(at + 450, to_sk, Protocol::kUdp).exit(at + 500, 64);
}

template <class ThereOf, class BackOf>
EventLog round_trip(const ThereOf& there, const BackOf& back) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  add_message(log, 1000, true, there);
  add_message(log, 2000, false, back);
  return log;
}

EventLog over_bridge() {
  return round_trip(
      [](Way& way) {
        way.queue(kClient).rx(kClientPort).receive(kClientPort).queue(kServerPort).rx(kServer).receive(kServer);
      },
      [](Way& way) {
        way.queue(kServer).rx(kServerPort).receive(kServerPort).queue(kClientPort).rx(kClient).receive(kClient);
      });
}

EventLog over_nat() {
  return round_trip(
      [](Way& way) {
        way.queue(kClient).rx(kClientPort).receive(kClientPort).receive(kBridge);
        way.queue(kUplink).rx(kServer).receive(kServer);
      },
      [](Way& way) {
        way.queue(kServer).rx(kUplink).receive(kUplink);
        way.queue(kBridge).queue(kClientPort).rx(kClient).receive(kClient);
      });
}

EventLog over_vxlan() {
  return round_trip(
      [](Way& way) {
        way.queue(kClient).queue(kClientUnderlay).rx(kServerUnderlay).receive(kServerUnderlay).receive(kServer);
      },
      [](Way& way) {
        way.queue(kServer).queue(kServerUnderlay).rx(kClientUnderlay).receive(kClientUnderlay).receive(kClient);
      });
}

EventLog over_macvlan() {
  return round_trip([](Way& way) { way.queue(kClient).rx(kLower).receive(kLower); },
                    [](Way& way) { way.queue(kServer).rx(kLower).receive(kLower); });
}

TraceResult analysed(const EventLog& log) { return analyse(log, known_flow(Protocol::kUdp)); }

std::vector<std::string> steps_of(const TraceResult& result, Direction direction) {
  std::vector<std::string> lines;
  for (const DeviceStep& step : trace_of(result, Protocol::kUdp).summary.devices.steps()) {
    if (step.direction != direction) continue;
    lines.push_back(fmt::format("{} {} to {} {}: {}", static_cast<int>(step.from.kind), name_of(step.from.device),
                                static_cast<int>(step.to.kind), name_of(step.to.device), step.durations.sum()));
  }
  return lines;
}

TEST(SeveralDevices, AreOnePathWhoseStagesAddUp) {
  for (const EventLog& log : {over_bridge(), over_nat(), over_vxlan(), over_macvlan()}) {
    const ProtocolTrace trace = trace_of(analysed(log), Protocol::kUdp);
    EXPECT_EQ(trace.unsound, 0U);
    EXPECT_EQ(trace.summary.matched, 2U);
    EXPECT_EQ(trace.summary.rtt.count(), 1U);
    EXPECT_EQ(trace.summary.rtt.max(), 1500U);
    std::uint64_t sum = 0;
    for (const StageSummary& stage : trace.summary.stages) sum += stage.durations.sum();
    EXPECT_EQ(sum, 1500U);
  }
}

TEST(SeveralDevices, TheDeviceStageEndsAtTheLastOne) {
  EXPECT_THAT(lines_of(trace_of(analysed(over_bridge()), Protocol::kUdp).summary.stages),
              ElementsAre("request send 100", "request device 40", "request backlog 10", "request receive 160",
                          "request wake-up 90", "request deliver 100", "server turn-around 500", "response send 100",
                          "response device 40", "response backlog 10", "response receive 160", "response wake-up 90",
                          "response deliver 100"));
}

TEST(SeveralDevices, WithoutNetifRxItEndsWhereTheOneBeforeReceived) {
  const auto lines = lines_of(trace_of(analysed(over_vxlan()), Protocol::kUdp).summary.stages);
  EXPECT_EQ(lines.at(1), "request device 30");
  EXPECT_EQ(lines.at(2), "request backlog 10");
}

TEST(SeveralDevices, EachStepIsThere) {
  EXPECT_THAT(steps_of(analysed(over_nat()), Direction::kRequest),
              ElementsAre("0 sks-client to 1 sks-port-c: 10", "1 sks-port-c to 2 sks-port-c: 10",
                          "2 sks-port-c to 2 sks-bridge: 10", "2 sks-bridge to 0 sks-uplink: 10",
                          "0 sks-uplink to 1 sks-server: 10", "1 sks-server to 2 sks-server: 10"));
  EXPECT_THAT(steps_of(analysed(over_vxlan()), Direction::kResponse),
              ElementsAre("0 sks-server to 0 sks-under-s: 10", "0 sks-under-s to 1 sks-under-c: 10",
                          "1 sks-under-c to 2 sks-under-c: 10", "2 sks-under-c to 2 sks-client: 10"));
}

TEST(SeveralDevices, StepsAddUpToDeviceAndBacklog) {
  for (const EventLog& log : {over_bridge(), over_nat(), over_vxlan(), over_macvlan()}) {
    const TracedSummary summary = trace_of(analysed(log), Protocol::kUdp).summary;
    std::uint64_t steps = 0;
    for (const DeviceStep& step : summary.devices.steps()) steps += step.durations.sum();
    std::uint64_t stages = 0;
    for (const StageSummary& stage : summary.stages) {
      if (stage.stage == Stage::kDevice || stage.stage == Stage::kBacklog) stages += stage.durations.sum();
    }
    EXPECT_EQ(steps, stages);
  }
}

TEST(SeveralDevices, LoopbackHasNoSteps) {
  EXPECT_THAT(trace_of(analyse(ping_pong(Protocol::kUdp)), Protocol::kUdp).summary.devices.steps(), IsEmpty());
}

TEST(SeveralDevices, AnSkbCountsAtEachThatItIsQueuedAt) {
  EXPECT_EQ(analysed(over_macvlan()).packets.queued, 2U);
  EXPECT_EQ(analysed(over_bridge()).packets.queued, 4U);
  EXPECT_EQ(analysed(over_vxlan()).packets.queued, 4U);
  EXPECT_EQ(analysed(over_nat()).packets.queued, 5U);
  // The round trip's own, up to the response's receive.
  EXPECT_EQ(trace_of(analysed(over_nat()), Protocol::kUdp).summary.counts.skbs, 5U);
}

TEST(SeveralDevices, SatisfyTheLawOfTheirTopologyAndNoOther) {
  struct Case {
    Topology topology;
    EventLog log;
  };
  const std::array cases{Case{Topology::kMacvlan, over_macvlan()}, Case{Topology::kBridge, over_bridge()},
                         Case{Topology::kVxlan, over_vxlan()}, Case{Topology::kBridgeNat, over_nat()}};
  for (const Case& one : cases) {
    const PacketCounts packets = analysed(one.log).packets;
    EXPECT_EQ(packets.of_client, 1U);
    EXPECT_EQ(packets.of_server, 1U);
    for (const Case& other : cases) {
      const Law law = check_stations("udp", other.topology, packets);
      EXPECT_EQ(law.holds, one.topology == other.topology) << law.name << ": " << law.detail;
    }
  }
}

TEST(SeveralDevices, APacketThatIsStillOnItsWayBreaksNoLaw) {
  EventLog log = over_bridge();
  log.in(kClientTid);
  Way(log, 0xc000, 9'000).queue(kClient).rx(kClientPort).receive(kClientPort).queue(kServerPort);
  const PacketCounts packets = analysed(log).packets;
  EXPECT_EQ(packets.queued, 6U);
  EXPECT_EQ(packets.unfinished_queued, 2U);
  EXPECT_EQ(packets.unfinished_rx, 1U);
  EXPECT_EQ(packets.unfinished_received, 1U);
  EXPECT_EQ(packets.in_flight, 1U);
  const Law law = check_stations("udp", Topology::kBridge, packets);
  EXPECT_TRUE(law.holds) << law.detail;
  EXPECT_EQ(law.detail,
            "1 packets of the client, 1 of the server; net_dev_queue 6 of 4, net_dev_xmit 6, netif_rx 5 of 4, "
            "netif_receive_skb 5 of 4, in flight at the end 1");
}

TEST(SeveralDevices, APacketThatADeviceSwallowedBreaksTheLaw) {
  EventLog log = over_bridge();
  log.in(kClientTid);
  Way(log, 0xc000, 9'000).queue(kClient).rx(kClientPort).receive(kClientPort);
  EXPECT_FALSE(check_stations("udp", Topology::kBridge, analysed(log).packets).holds);
}

DeviceTimes times_over(std::initializer_list<DeviceStation> stations, std::uint64_t queue_ns,
                       std::uint64_t receive_ns) {
  MessagePath path{.queue_ns = queue_ns, .receive_ns = receive_ns};
  path.route = std::make_shared<DeviceRoute>(DeviceRoute{stations});
  DeviceTimes times;
  if (DeviceTimes::fits(path)) times.add(Direction::kRequest, path);
  return times;
}

TEST(SeveralDevices, FragmentsOfADatagramAreCounted) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  add_message(log, 1000, true, [&log](Way& way) {
    way.queue(kClient).rx(kServer);
    Way(log, kRequestSkb + 8, 1120).queue(kClient).rx(kServer);
    Way(log, kRequestSkb, 1140).receive(kServer);
    Way(log, kRequestSkb + 8, 1150).receive(kServer);
  });
  EXPECT_EQ(analysed(log).packets.fragments, 1U);
  EXPECT_EQ(analysed(over_bridge()).packets.fragments, 0U);
}

TEST(DeviceTimes, TakeNoRouteThatIsNotTheStages) {
  using enum DeviceStation::Kind;
  const auto steps = [](std::uint64_t arrived, std::uint64_t queue_ns, std::uint64_t receive_ns) {
    return times_over({{kQueued, kClient, 100}, {kArrived, kServer, arrived}, {kReceived, kServer, 120}}, queue_ns,
                      receive_ns)
        .steps()
        .size();
  };
  EXPECT_EQ(steps(110, 100, 120), 2U);
  EXPECT_EQ(steps(110, 99, 120), 0U) << "begins elsewhere";
  EXPECT_EQ(steps(110, 100, 121), 0U) << "ends elsewhere";
  EXPECT_EQ(steps(121, 100, 120), 0U) << "goes back in time";
}

TEST(DeviceTimes, AreOfTheWayThatMostWent) {
  using enum DeviceStation::Kind;
  DeviceTimes times = times_over({{kQueued, kClient, 100}, {kReceived, kServer, 120}}, 100, 120);
  const DeviceTimes usual =
      times_over({{kQueued, kClient, 100}, {kArrived, kServer, 105}, {kReceived, kServer, 130}}, 100, 130);
  times += usual;
  times += usual;
  const auto steps = times.steps();
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].durations.count(), 2U);
  EXPECT_EQ(steps[1].durations.sum(), 50U);
  EXPECT_EQ(times.elsewhere(), 1U);
}

}  // namespace
}  // namespace sockscope
