#include "report/topologies_report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "report/device_words.h"
#include "tests/report/documented_keys.h"
#include "tests/report/golden.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;
using enum NetDevice;
using enum DeviceStation::Kind;

VariantSummary measured(Topology topology, Protocol protocol, double ns, std::uint64_t skbs) {
  VariantSummary summary{.variant = variant_of(topology, protocol), .untraced = {}, .traced = TracedSummary{}};
  for (unsigned round = 1; round <= 10; ++round) {
    // A machine that gets slower, and noise of a per mille.
    const double drift = 1 + 0.01 * round;
    const double noise = topology == Topology::kLoopback ? 1 : 1 + 0.001 * static_cast<double>(round % 3);
    summary.runs.push_back({.round = round, .values = {{"rtt_p50_ns", ns * drift * noise}}});
  }
  summary.traced->counts = {.round_trips = 100,
                            .syscalls = 400,
                            .skbs = 100 * skbs,
                            .softirqs = 200,
                            .context_switches = 200,
                            .wakeups = 100};
  return summary;
}

TopologiesReport sample_report() {
  Summary summary{.kind = Summary::Kind::kReport,
                  .mode = "traced",
                  .title = "echo of 64 bytes",
                  .environment = {{"kernel", "6.18.44"}},
                  .plan = {{"rounds", "10"}}};
  for (const Protocol protocol : kProtocols) {
    const double ns = protocol == Protocol::kTcp ? 13'000 : 10'000;
    summary.variants.push_back(measured(Topology::kLoopback, protocol, ns, 2));
    summary.variants.push_back(measured(Topology::kBridge, protocol, 1.25 * ns, 4));
  }
  MessagePath path{.queue_ns = 100, .receive_ns = 150};
  path.route = std::make_shared<DeviceRoute>(DeviceRoute{{{kQueued, kClient, 100},
                                                          {kArrived, kClientPort, 110},
                                                          {kReceived, kClientPort, 130},
                                                          {kQueued, kServerPort, 150}}});
  summary.variants.back().traced->devices.add(Direction::kRequest, path);
  summary.laws = {{.name = "loopback-tcp: messages", .holds = true, .detail = "1 = 1"},
                  {.name = "bridge-tcp: skbs",
                   .holds = false,
                   .detail = "400 of 399",
                   .variant = "bridge-tcp",
                   .concerns = Figures::kCounts}};
  TopologiesReport report{.summary = std::move(summary), .costs = {}, .lacking = {}};
  report.costs = topology_costs(report.summary.variants, {});
  report.lacking = {{Topology::kIpvlan, "ipvlan: this kernel has no such type of device (CONFIG_IPVLAN)"}};
  ComparedFunction added{.name = "br_handle_frame", .rates = {2.0, 0}, .differs = true};
  ComparedFunction rarer{.name = "br_forward", .rates = {1.5, 0}, .differs = true};
  ComparedFunction missing{.name = "loopback_xmit", .rates = {0, 2.0}, .differs = true};
  report.functions = {{.topology = Topology::kBridge,
                       .protocol = Protocol::kTcp,
                       .unit = "round trip",
                       .compared = {.only_a = {added, rarer}, .only_b = {missing}}}};
  return report;
}

TEST(TopologiesReport, Table) { expect_golden("topologies.txt", render_topologies_table(sample_report())); }
using Keys = std::set<std::string>;

/// As results/README.md spells them; what is described elsewhere is not gone into.
void collect(const Json& json, const std::string& path, Keys& keys) {  // NOLINT(misc-no-recursion): JSON is a tree
  const Keys as_elsewhere{"environment", "plan", "laws[]", "data_quality", "missing[]", "disturbed[]", "variants"};
  for (const auto& [key, value] : json.items()) {
    const std::string name = key == "tcp" || key == "udp" ? "<protocol>" : key;
    const std::string full = path.empty() ? name : fmt::format("{}.{}", path, name);
    const std::string inner = value.is_array() ? full + "[]" : full;
    keys.insert(full);
    if (as_elsewhere.contains(inner) || name == "over_loopback" || name == "devices") continue;
    if (value.is_object()) collect(value, inner, keys);
    if (!value.is_array() || value.empty() || !value[0].is_object()) continue;
    for (const Json& one : value) collect(one, inner, keys);
  }
}

TEST(TopologiesReport, IsDescribedKeyByKey) {
  TopologiesReport report = sample_report();
  report.summary.disturbed.push_back({});
  Keys keys;
  collect(Json::parse(render_topologies_json(report)), "", keys);
  EXPECT_EQ(keys, documented_keys("topologies"));
}

TEST(TopologiesReport, WarnsOfFunctionsOfWhichEventsWereLost) {
  TopologiesReport report = sample_report();
  report.functions[0].warnings = {"2 of 10 events were lost"};
  EXPECT_THAT(render_topologies_table(report), HasSubstr("bridge TCP: 2 of 10 events were lost\n"));
}

TEST(TopologiesReport, Json) { expect_golden("topologies.json", render_topologies_json(sample_report())); }

TEST(DeviceSteps, AreNamedByWhatHappens) {
  const auto text = [](DeviceStation from, DeviceStation to) {
    return text_of({.direction = Direction::kRequest, .from = from, .to = to, .durations = {}});
  };
  EXPECT_EQ(text({kQueued, kClient}, {kArrived, kClientPort}), "client to port-c");
  EXPECT_EQ(text({kArrived, kClientPort}, {kReceived, kClientPort}), "port-c, backlog");
  EXPECT_EQ(text({kReceived, kClientPort}, {kQueued, kServerPort}), "port-c passes on to port-s");
  EXPECT_EQ(text({kReceived, kClientPort}, {kReceived, kBridge}), "port-c hands to bridge");
  EXPECT_EQ(text({kQueued, kServer}, {kQueued, kServerUnderlay}), "server sends through under-s");
}

}  // namespace
}  // namespace sockscope::testing
