#include "harness/topology_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/function_report.h"
#include "harness/function_rounds.h"
#include "harness/run_directory.h"
#include "report/functions_words.h"

namespace sockscope {
namespace {

constexpr std::uint64_t kMostRoundTrips = 300;  // a call chain to each event takes ten times the time

/// UDP knows nothing of the options that are TCP's.
CompareOptions against_loopback(const MeasureOptions& measure, Topology topology, Protocol protocol) {
  CompareOptions options{.measure = measure, .trace = {.events = "stacks", .capture = {}}};
  options.measure.count = std::min(measure.count.value_or(kMostRoundTrips), kMostRoundTrips);
  options.measure.duration_s.reset();
  options.measure.raw_file.clear();
  options.measure.rounds = static_cast<unsigned>(kLeastRounds);
  if (protocol == Protocol::kUdp) {
    const SocketOptions fresh;
    options.measure.socket.nodelay = fresh.nodelay;
    options.measure.socket.quickack = fresh.quickack;
    options.measure.socket.cork = fresh.cork;
    options.measure.socket.congestion = fresh.congestion;
  }
  options.a = fmt::format("{} --topology {}", name_of(protocol), name_of(topology));
  options.b = fmt::format("{} --topology {}", name_of(protocol), name_of(Topology::kLoopback));
  return options;
}

Result<TopologyFunctions> functions_of(const MeasureOptions& measure, Topology topology, Protocol protocol,
                                       const Interrupt& interrupt) {
  const auto directory = TemporaryDirectory::make();
  if (!directory) return std::unexpected(directory.error());
  auto recorded = record_functions(against_loopback(measure, topology, protocol), {}, directory->path(), interrupt);
  if (!recorded) return pass_on(recorded);
  auto report = function_report_of(directory->path(), {});
  if (!report) return pass_on(report);
  auto warnings = doubt_words(*report);
  return TopologyFunctions{.topology = topology,
                           .protocol = protocol,
                           .unit = report->unit,
                           .compared = std::move(report->compared),
                           .warnings = std::move(warnings)};
}

}  // namespace

Result<> add_topology_functions(const MeasureOptions& measure, const std::vector<Topology>& topologies,
                                const Interrupt& interrupt, std::vector<TopologyFunctions>& functions) {
  for (const Topology topology : topologies) {
    if (topology == Topology::kLoopback) continue;
    for (const Protocol protocol : kProtocols) {
      auto one = functions_of(measure, topology, protocol, interrupt);
      if (!one) return pass_on(one);
      functions.push_back(std::move(*one));
    }
  }
  return {};
}

}  // namespace sockscope
