#include "tests/report/sample_summaries.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sockscope::testing {
namespace {

constexpr std::uint64_t kRoundTrips = 20'000;
constexpr std::uint64_t kSlept = 12'000;  // round trips in which both receivers had blocked

/// A histogram of values and how often each occurs.
Histogram histogram_of(std::initializer_list<std::pair<std::uint64_t, std::uint64_t>> values) {
  Histogram histogram;
  for (const auto& [value, times] : values) {
    for (std::uint64_t i = 0; i < times; ++i) histogram.record(value);
  }
  return histogram;
}

/// What one message's stages take in nanoseconds, the same in every message; the wake-up only in kSlept of them.
struct PathTimes {
  std::uint64_t send, device, backlog, receive, wake_up, deliver, turn_around;

  [[nodiscard]] std::uint64_t round_trip_awake() const {
    return 2 * (send + device + backlog + receive + deliver) + turn_around;
  }
  [[nodiscard]] std::uint64_t round_trip_slept() const { return round_trip_awake() + 2 * wake_up; }
};

void append_message(std::vector<StageSummary>& stages, Direction direction, const PathTimes& times) {
  const auto always = [&](Stage stage, std::uint64_t ns) {
    stages.push_back({direction, stage, histogram_of({{ns, kRoundTrips}}), 0});
  };
  always(Stage::kSend, times.send);
  always(Stage::kDevice, times.device);
  always(Stage::kBacklog, times.backlog);
  always(Stage::kReceive, times.receive);
  stages.push_back({direction, Stage::kWakeUp, histogram_of({{times.wake_up, kSlept}}), kRoundTrips - kSlept});
  always(Stage::kDeliver, times.deliver);
}

ThreadSummary thread_of(std::string comm, SwitchCounts switches) {
  ThreadSummary thread;
  thread.comm = std::move(comm);
  thread.traced = switches;
  thread.getrusage = switches;
  thread.running_ns = 241'000'000;
  thread.runnable_ns = 13'000'000;
  thread.sleeping_ns = 246'000'000;
  thread.sch_delay = histogram_of({{1'500, 11'900}, {4'000, 100}});
  return thread;
}

TracedSummary make_traced(const PathTimes& times) {
  TracedSummary traced;
  traced.rtt = histogram_of({{times.round_trip_awake(), kRoundTrips - kSlept}, {times.round_trip_slept(), kSlept}});
  traced.workload_rtt =
      histogram_of({{times.round_trip_awake() + 200, kRoundTrips - kSlept}, {times.round_trip_slept() + 200, kSlept}});
  traced.period =
      histogram_of({{times.round_trip_awake() + 190, kRoundTrips - kSlept}, {times.round_trip_slept() + 190, kSlept}});
  traced.request_one_way = histogram_of({{(times.round_trip_awake() - times.turn_around) / 2, kRoundTrips - kSlept},
                                         {(times.round_trip_slept() - times.turn_around) / 2, kSlept}});
  traced.response_one_way = traced.request_one_way;
  traced.messages = 2 * kRoundTrips;
  traced.matched = 2 * kRoundTrips;
  traced.counts = {kRoundTrips, 4 * kRoundTrips, 2 * kRoundTrips, 2 * kRoundTrips, 2 * kRoundTrips + 26, 2 * kSlept};
  append_message(traced.stages, Direction::kRequest, times);
  traced.stages.push_back(
      {Direction::kServer, Stage::kTurnAround, histogram_of({{times.turn_around, kRoundTrips}}), 0});
  append_message(traced.stages, Direction::kResponse, times);
  traced.client = thread_of("echo-client", {20'001, 12});
  traced.server = thread_of("echo-server", {20'004, 9});
  return traced;
}

UntracedSummary make_untraced(std::uint64_t p50_ns) {
  UntracedSummary untraced;
  untraced.rtt = histogram_of({{p50_ns - 600, 1'000},
                               {p50_ns, 34'000},
                               {p50_ns + 1'300, 12'000},
                               {p50_ns + 9'800, 2'250},  // up to 98.5 %
                               {p50_ns + 30'000, 680},   // up to 99.86 %
                               {p50_ns + 95'000, 65},    // up to 99.99 %
                               {p50_ns + 1'234'000, 5}});
  untraced.client = {50'003, 14};
  untraced.server = {50'001, 11};
  untraced.counters = {
      {"context-switches", 100'029}, {"cpu-migrations", 2}, {"task-clock", 612'345'678}, {"page-faults", 31}};
  untraced.counted = 50'000;
  return untraced;
}

constexpr PathTimes kTcpPath{3'120, 1'050, 910, 4'260, 2'480, 2'110, 1'730};
constexpr PathTimes kUdpPath{2'640, 1'020, 880, 1'950, 2'460, 1'900, 1'610};

/// What the round trips' parts take, those of both messages being alike, and the events in them: 22 for TCP, 20 for
/// UDP, which has no probe.
CentralRoundTrips central_of(const PathTimes& times, std::uint64_t receive_events) {
  CentralRoundTrips central;
  for (const std::uint64_t wake_up : {std::uint64_t{0}, times.wake_up}) {
    const std::uint64_t waking_events = wake_up == 0 ? 0 : 3;
    central.add({190, times.send, times.device, times.backlog, times.receive, wake_up, times.deliver, times.turn_around,
                 times.send, times.device, times.backlog, times.receive, wake_up, times.deliver},
                {1, 1, 1, 2, receive_events, waking_events, 2, 1, 1, 1, 2, receive_events, waking_events, 2});
  }
  return central;
}

/// Runs with all events and with six of them, of as many rounds; an event takes about 0.6 us.
void add_nested_runs(VariantSummary& side, double events, unsigned rounds) {
  for (unsigned round = 1; round <= rounds; ++round) {
    const auto whole = std::ranges::find_if(
        side.runs, [round](const RunFigures& run) { return run.watched == Watched::kTraced && run.round == round; });
    whole->probe = RunFigures::Probe{.rtt_p50_ns = 26'000 + 90.0 * round, .events = events};
    const double without = 600 * (events - 6) + 60 * (round % 3);
    side.runs.push_back({.round = round,
                         .watched = Watched::kNested,
                         .values = {},
                         .probe = RunFigures::Probe{.rtt_p50_ns = whole->probe->rtt_p50_ns - without, .events = 6}});
  }
  side.probe_effect = probe_effect_of(side);
}

Facts sample_environment() {
  return {{"kernel", "6.18.44"},
          {"perf", "6.1.158"},
          {"CPU", "AMD EPYC, 2 CPUs"},
          {"congestion control", "cubic"},
          {"MTU", "65536"},
          {"mitigations", "spectre_v2: Retpolines; mds: not affected"}};
}

Facts sample_plan() {
  return {{"workload", "echo"}, {"size", "64 B"}, {"rounds", "5"}, {"order", "ABBA"}, {"events", "path"}};
}

}  // namespace

Summary full_compare() {
  Summary summary;
  summary.kind = Summary::Kind::kCompare;
  summary.mode = "traced";
  summary.title = "echo 64 B, both ends on CPU 0, 5 rounds x 10000";
  summary.environment = sample_environment();
  summary.plan = sample_plan();
  summary.variants = {{variant_of(Protocol::kTcp), make_untraced(12'370), make_traced(kTcpPath)},
                      {variant_of(Protocol::kUdp), make_untraced(9'510), make_traced(kUdpPath)}};
  summary.laws = {
      {"tcp: skbs queued = transmitted = received", true, "40,000 = 40,000 = 40,000", "tcp", Figures::kCounts},
      {"tcp: stages add up to the round trip", true, "20,000 of 20,000", "tcp", Figures::kStages},
      {"udp: skbs queued = transmitted = received", true, "40,000 = 40,000 = 40,000", "udp", Figures::kCounts},
      {"udp: stages add up to the round trip", true, "20,000 of 20,000", "udp", Figures::kStages}};
  summary.data_quality.switch_ins = 80'026;
  summary.data_quality.switch_ins_from_records = 3;
  return summary;
}

Summary compared() {
  Summary summary = full_compare();
  for (VariantSummary& side : summary.variants) {
    const bool is_tcp = side.variant.protocol == Protocol::kTcp;
    for (unsigned round = 1; round <= 12; ++round) {
      UntracedSummary run;
      // Of TCP every fourth run is slow as a whole; a run of UDP is far out.
      const std::uint64_t usual = (is_tcp ? 12'370 : 9'510) + 10 * round;
      const std::uint64_t slower = is_tcp && round % 4 == 0 ? 2'500 : 0;
      const std::uint64_t far_out = !is_tcp && round == 11 ? 9'000 : 0;
      run.rtt = histogram_of({{usual + slower + far_out, 5'000}});
      side.runs.push_back(figures_of(round, run));
      run = {.counters = {{"task-clock", is_tcp ? 61'000'000 : 47'000'000}}, .counted = 5'000};
      side.runs.push_back(figures_of(round, run));
      side.runs.push_back(figures_of(round, *side.traced));
    }
    side.traced->central = is_tcp ? central_of(kTcpPath, 3) : central_of(kUdpPath, 2);
    add_nested_runs(side, is_tcp ? 22 : 20, 10);
  }
  summary.comparison = compare_variants(summary.variants[0], summary.variants[1], {});
  summary.disturbed = {{2,
                        Watched::kUntraced,
                        {{Contaminant::kForeignCpu, "other programs took 14 % of CPU 0, the busiest being cc1plus"},
                         {Contaminant::kForeignCpu, "other programs took 9 % of CPU 0, the busiest being cc1plus"}},
                        true},
                       {5, Watched::kTraced, {{Contaminant::kSteal, "the host took 4 % of CPU 0"}}, false}};
  return summary;
}

Summary cannot_tell() {
  Summary summary = untraced_only();
  const std::array<std::array<std::uint64_t, 8>, 2> rtt{
      {{100, 131, 100, 140, 102, 120, 109, 115}, {103, 99, 121, 100, 130, 98, 126, 117}}};
  for (std::size_t i = 0; i < 2; ++i) {
    VariantSummary& side = summary.variants[i];
    side.variant = {
        .key = i == 0 ? "a" : "b", .label = i == 0 ? "A" : "B", .description = i == 0 ? "tcp --no-nodelay" : "tcp"};
    for (unsigned round = 1; round <= 8; ++round) {
      const UntracedSummary run{.rtt = histogram_of({{100 * rtt.at(i).at(round - 1), 50}})};
      side.runs.push_back(figures_of(round, run));
    }
  }
  summary.comparison = compare_variants(summary.variants[0], summary.variants[1], {});
  return summary;
}

Summary one_way() {
  Summary summary;
  summary.kind = Summary::Kind::kCompare;
  summary.mode = "untraced-only";
  summary.title = "stream of 1400 bytes, both ends on CPU 0, 1 round of 10000 messages";
  summary.plan = {{"workload", "stream"}};
  for (const Protocol protocol : kProtocols) {
    UntracedSummary untraced;
    untraced.measured = {.unit = "message",
                         .units = 10'000,
                         .times = {{"transfer", histogram_of({{5'000'000, 1}})}},
                         .counts = {{"sent", 10'000}, {"received", protocol == Protocol::kTcp ? 10'000U : 9'000U}}};
    untraced.measured.add_count("bytes_received", untraced.measured.count("received") * 1'400);
    if (protocol == Protocol::kTcp) untraced.measured.add_count("acks", 250);
    untraced.measured_ns = 20'000'000;
    untraced.counters = {{"context-switches", 5'000}};
    untraced.client_socket = {{"local", "127.0.0.1"}, {"send_buffer", "212992"}};
    untraced.server_socket = untraced.client_socket;
    summary.variants.push_back({variant_of(protocol), untraced, std::nullopt});
  }
  return summary;
}

Summary traced_one_way() {
  Summary summary = one_way();
  summary.mode = "traced";
  for (VariantSummary& protocol : summary.variants) {
    TracedSummary traced;
    traced.is_followed = false;
    traced.messages = 10'000;
    traced.unit = "message";
    traced.units = 10'000;
    traced.session = SessionTotals{.skbs = 10'002,
                                   .data_skbs = 10'001,
                                   .data_skb_bytes = 14'420'042,
                                   .copies = 9'000,
                                   .receive_queue_drops = 1'000,
                                   .syscalls = 19'002,
                                   .context_switches = 4'200,
                                   .wakeups = 2'100,
                                   .softirqs = 10'001,
                                   .drops = {{"SOCKET_RCVBUFF", 1'000}}};
    if (protocol.variant.protocol == Protocol::kTcp) {
      traced.session->socket_state_changes = 5;
      traced.session->drops.clear();
    }
    traced.client = thread_of("stream-client", {17, 4'090});
    traced.server = thread_of("stream-server", {93, 0});
    protocol.traced = traced;
  }
  return summary;
}

Summary stalled() {
  Summary summary = untraced_only();
  for (VariantSummary& protocol : summary.variants) {
    protocol.untraced->rtt = histogram_of({{43'900'000, 49}, {45'000, 1}});
    if (protocol.variant.protocol == Protocol::kTcp) protocol.untraced->client_socket = {{"nodelay", "0"}};
  }
  return summary;
}

UntracedSummary& untraced_of(Summary& summary, std::size_t index) {
  auto& untraced = summary.variants.at(index).untraced;
  if (!untraced) throw std::logic_error("the sample has no untraced rounds");
  return *untraced;
}

TracedSummary& traced_of(Summary& summary, std::size_t index) {
  auto& traced = summary.variants.at(index).traced;
  if (!traced) throw std::logic_error("the sample has no traced rounds");
  return *traced;
}

Summary over_devices() {
  using enum DeviceStation::Kind;
  using enum NetDevice;
  const auto path_through = [](std::vector<DeviceStation> stations) {
    MessagePath path{.queue_ns = stations.front().time_ns, .receive_ns = stations.back().time_ns};
    path.route = std::make_shared<DeviceRoute>(DeviceRoute{std::move(stations)});
    return path;
  };
  const auto bridged = [&](std::uint64_t backlog_ns) {
    return path_through({{kQueued, kClient, 1'000},
                         {kArrived, kClientPort, 1'240},
                         {kReceived, kClientPort, 1'240 + backlog_ns},
                         {kQueued, kServerPort, 1'890 + backlog_ns},
                         {kArrived, kServer, 2'010 + backlog_ns},
                         {kReceived, kServer, 2'370 + backlog_ns}});
  };
  const auto direct =
      path_through({{kQueued, kClient, 1'000}, {kArrived, kServer, 1'210}, {kReceived, kServer, 1'580}});
  Summary summary = full_compare();
  DeviceTimes& tcp = traced_of(summary, 0).devices;
  for (const MessagePath& path : {bridged(350), bridged(370), direct}) tcp.add(Direction::kRequest, path);
  traced_of(summary, 1).devices.add(Direction::kRequest, direct);
  return summary;
}

Summary one_law_fails() {
  Summary summary = full_compare();
  summary.laws[2].holds = false;
  summary.laws[2].detail = "40,000 = 40,000, but 39,987 received";
  return summary;
}

Summary flawed_compare() {
  Summary summary = one_law_fails();
  summary.interrupted = true;
  summary.data_quality.lost_events = 1'234;
  summary.data_quality.undecoded_events = 1;
  summary.data_quality.unmatched_messages = 17;
  summary.data_quality.unmatched_wakeups = 4;
  summary.data_quality.truncated = true;
  untraced_of(summary, 1).lost = 3;
  traced_of(summary, 1).lost = 1;
  traced_of(summary, 1).matched -= 17;
  return summary;
}

Summary untraced_only() {
  Summary summary = full_compare();
  summary.mode = "untraced-only";
  summary.laws.clear();
  summary.data_quality = {};
  for (std::size_t i = 0; i < summary.variants.size(); ++i) {
    summary.variants[i].traced.reset();
    untraced_of(summary, i).counters = {{"task-clock", 612'345'678}, {"page-faults", 31}};
  }
  summary.missing = {{"counts, stages and context switches from the trace: perf_event_paranoid is 2",
                      "run as root: sudo sockscope ...; or: sudo sysctl -w kernel.perf_event_paranoid=-1"},
                     {"tracepoint formats: tracefs is not readable",
                      "sudo mount -o remount,mode=755 -t tracefs nodev /sys/kernel/tracing && sudo chgrp -R tracing "
                      "/sys/kernel/tracing && "
                      "sudo usermod -a -G tracing \"$USER\""}};
  return summary;
}

Summary foreign_recording() {
  Summary summary = full_compare();
  summary.kind = Summary::Kind::kReport;
  summary.mode = "recording";
  summary.title = "perf.data, one TCP connection of echo-client and echo-server";
  summary.plan.clear();
  summary.variants.pop_back();
  summary.laws.resize(2);
  summary.variants.front().untraced.reset();
  TracedSummary& traced = traced_of(summary, 0);
  traced.workload_rtt = Histogram();
  traced.client.getrusage.reset();
  traced.server.getrusage.reset();
  return summary;
}

Summary own_programs() {
  Summary summary = foreign_recording();
  summary.mode = "programs";
  summary.title = "server nc -l 5000; client echo salam | nc -N 127.0.0.1 5000";
  summary.plan = {{"server", "nc -l 5000"}, {"client", "echo salam | nc -N 127.0.0.1 5000"}};
  summary.programs = {{"server", "nc -l 5000", 4711, 143}, {"client", "echo salam | nc -N 127.0.0.1 5000", 4712, 0}};
  summary.laws = {{"skbs of the programs = of their sockets", true, "8 queued or received, 8 of a TCP or UDP socket",
                   "", Figures::kCounts}};
  TracedSummary traced;
  traced.messages = traced.matched = 1;
  const PathTimes& times = kTcpPath;
  const std::uint64_t one_way = times.send + times.device + times.backlog + times.receive + times.deliver;
  traced.request_one_way = histogram_of({{one_way, 1}});
  for (const auto& [stage, ns] : {std::pair{Stage::kSend, times.send}, std::pair{Stage::kDevice, times.device},
                                  std::pair{Stage::kBacklog, times.backlog}, std::pair{Stage::kReceive, times.receive},
                                  std::pair{Stage::kDeliver, times.deliver}}) {
    traced.stages.push_back({Direction::kRequest, stage, histogram_of({{ns, 1}}), 0});
  }
  traced.session = SessionTotals{.sockets = 3,
                                 .skbs = 8,
                                 .data_skbs = 1,
                                 .data_skb_bytes = 72,
                                 .copies = 1,
                                 .socket_state_changes = 12,
                                 .syscalls = 36,
                                 .syscalls_before = 308,
                                 .context_switches = 8,
                                 .wakeups = 3,
                                 .softirqs = 5};
  traced.client = thread_of("nc", {2, 0});
  traced.server = thread_of("nc", {3, 1});
  traced.client.getrusage.reset();
  traced.server.getrusage.reset();
  summary.variants.front().traced = traced;
  return summary;
}

Summary lacking_stages() {
  Summary summary = full_compare();
  TracedSummary& traced = traced_of(summary, 0);
  traced.rtt = histogram_of({{20'410, kRoundTrips}});
  auto& stages = traced.stages;
  std::erase_if(stages, [](const StageSummary& stage) { return stage.stage == Stage::kDeliver; });
  for (StageSummary& stage : stages) {
    if (stage.stage != Stage::kWakeUp) continue;
    stage.durations = Histogram();
    stage.absent = kRoundTrips;
  }
  return summary;
}

Summary hostile() {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const std::string text = "\x1b]0;owned\x07\x1b[31m\xff\xc2\x9b" + std::string(300, 'x') + "\n\r\t\x7f";
  const Histogram wide = histogram_of({{1, 3}, {45'678, 3}, {most / 4, 2}});
  Summary summary = flawed_compare();
  summary.mode = summary.title = text;
  summary.programs = {{text, text, std::numeric_limits<std::int32_t>::max(), 255}};
  summary.data_quality = {most, most, most, most, most, most, true, most, most};
  for (std::size_t i = 0; i < summary.variants.size(); ++i) {
    UntracedSummary& untraced = untraced_of(summary, i);
    TracedSummary& traced = traced_of(summary, i);
    untraced.rtt = traced.rtt = traced.period = traced.workload_rtt = wide;
    traced.request_one_way = traced.response_one_way = wide;
    untraced.lost = traced.lost = traced.messages = traced.matched = most;
    traced.counts = {1, most, 999'999'999, 12'345, most, 1};
    traced.session = SessionTotals{most, most, most, most, most, most, most, most};
    for (StageSummary& stage : traced.stages) stage = {stage.direction, stage.stage, wide, 1};
    traced.stages[0].durations = histogram_of({{999'999'499, 1}});
    untraced.client = {most, 999'999'999};
    traced.client =
        traced.server = {text, {most, 999'999'999}, SwitchCounts{most, 0}, most / 4, 1, most / 4, most, wide};
    for (auto& [name, value] : untraced.counters) value = most;
  }
  summary.environment = summary.plan = {{text, text}, {"short", "fact"}};
  summary.laws.push_back({text, false, text});
  summary.missing = {{text, "sudo " + std::string(40, 'a') + " " + std::string(40, 'b') + " " + std::string(40, 'c')}};
  return summary;
}

}  // namespace sockscope::testing
