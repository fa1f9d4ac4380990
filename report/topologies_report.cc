#include "report/topologies_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "report/device_json.h"
#include "report/doubts.h"
#include "report/numbers.h"
#include "report/page.h"
#include "report/report_json.h"
#include "report/verdict_text.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 12;
constexpr std::size_t kTimeWidth = 9;
constexpr std::size_t kPercentWidth = 26;
constexpr std::size_t kCountWidth = 9;

const TopologyCost* find(const TopologiesReport& report, Topology topology, Protocol protocol) {
  const auto found = std::ranges::find_if(
      report.costs, [&](const TopologyCost& cost) { return cost.topology == topology && cost.protocol == protocol; });
  return found == report.costs.end() ? nullptr : &*found;
}

std::string percent(double ratio) { return fmt::format("{:+.1f} %", 100 * (ratio - 1)); }

/// "+23.5 % [+21.0 %, +25.8 %]"
std::string over_text(const TopologyCost& cost) {
  if (!cost.over_loopback) return "";
  const Estimate& ratio = cost.over_loopback->result.ratio;
  return percent(ratio.value) + interval_text(ratio, percent);
}

using CellsOf = std::function<std::vector<Cell>(const TopologyCost*)>;

/// A row a topology, the cells of TCP before UDP's.
void add_rows(const TopologiesReport& report, Grid& grid, const CellsOf& cells_of) {
  for (const Topology topology : kTopologies) {
    const TopologyCost* const tcp = find(report, topology, Protocol::kTcp);
    const TopologyCost* const udp = find(report, topology, Protocol::kUdp);
    if (tcp == nullptr && udp == nullptr) continue;
    std::vector<Cell> cells = cells_of(tcp);
    std::ranges::move(cells_of(udp), std::back_inserter(cells));
    grid.add_row(fmt::format("  {}", name_of(topology)), std::move(cells));
  }
}

void add_times(Page& page, const TopologiesReport& report) {
  Grid grid(kLabelWidth, {{"TCP p50", kTimeWidth},
                          {"over loopback", kPercentWidth},
                          {"UDP p50", kTimeWidth},
                          {"over loopback", kPercentWidth}});
  add_rows(report, grid, [](const TopologyCost* cost) {
    const bool is_there = cost != nullptr && cost->rtt_p50_ns != 0;
    return std::vector<Cell>{Cell{is_there ? format_us(cost->rtt_p50_ns) : "-"},
                             Cell{is_there ? over_text(*cost) : ""}};
  });
  page.heading("ROUND TRIP, untraced", "us; percent over loopback with 95 % intervals, over rounds that have both");
  page.grid(grid);
}

void add_counts(Page& page, const TopologiesReport& report) {
  const bool any = std::ranges::any_of(report.costs, [](const TopologyCost& cost) { return cost.counts.has_value(); });
  if (!any) return;
  const Doubts doubts(report.summary);
  std::vector<Grid::Column> columns;
  for (const char* const protocol : {"TCP", "UDP"}) {
    columns.push_back({fmt::format("{} skbs", protocol), kCountWidth});
    columns.push_back({"softirqs", kCountWidth});
    columns.push_back({"switches", kCountWidth});
  }
  Grid grid(kLabelWidth, columns);
  add_rows(report, grid, [&doubts](const TopologyCost* cost) {
    if (cost == nullptr || !cost->counts) return std::vector<Cell>{{"-"}, {"-"}, {"-"}};
    const PathCounts& counts = *cost->counts;
    const bool marked = doubts.about(variant_of(cost->topology, cost->protocol), Figures::kCounts);
    std::vector<Cell> cells;
    // A round trip is two messages.
    for (const std::uint64_t count : {counts.skbs, counts.softirqs, counts.context_switches}) {
      cells.push_back({format_per_round_trip(counts.per_round_trip(count) / 2), marked});
    }
    return cells;
  });
  page.heading("COUNTS, traced", "for each message; an skb counts at each device that it is queued at (net_dev_queue)");
  page.grid(grid);
}

std::vector<std::string> names_of(const std::vector<ComparedFunction>& functions) {
  std::vector<std::string> names;
  names.reserve(functions.size());
  for (const ComparedFunction& one : functions) names.push_back(one.name);
  return names;
}

void add_functions(Page& page, const TopologiesReport& report) {
  if (report.functions.empty()) return;
  page.heading("FUNCTIONS, traced",
               "of the kernel, that a topology adds to loopback's, by call chains; the most frequent first");
  for (const TopologyFunctions& one : report.functions) {
    const auto added = names_of(one.compared.only_a);
    page.text(fmt::format("{}: {}", variant_of(one.topology, one.protocol).label,
                          added.empty() ? "none" : fmt::format("{}", fmt::join(added, ", "))),
              "  ", "    ");
    for (const std::string& warning : one.warnings)
      page.warning(fmt::format("{}: {}", variant_of(one.topology, one.protocol).label, warning));
  }
}

void add_laws(Page& page, const Summary& summary) {
  if (summary.laws.empty()) return;
  const auto failed = std::ranges::count(summary.laws, false, &Law::holds);
  page.heading("LAWS", failed == 0 ? fmt::format("all {} hold", summary.laws.size())
                                   : fmt::format("{} of {} fail", failed, summary.laws.size()));
  for (const Law& law : summary.laws) {
    if (!law.holds) page.failure(fmt::format("{}: {}", law.name, law.detail), "  ", "    ");
  }
}

void add_lacking(Page& page, const TopologiesReport& report) {
  if (report.lacking.empty()) return;
  page.heading("NOT MEASURED");
  for (const LackingTopology& lacking : report.lacking) page.text(lacking.why, "  ", "    ");
}

void add_state(Page& page, const Summary& summary) {
  if (summary.interrupted) page.warning("interrupted: only what was finished is in it");
  for (const Missing& missing : summary.missing) {
    page.warning(fmt::format("not measured: {}; fix: {}", missing.what, missing.fix));
  }
  const DataQuality& quality = summary.data_quality;
  if (!quality.complete()) {
    page.warning(fmt::format("the traces are incomplete: {} events lost, {} not decoded{}", quality.lost_events,
                             quality.undecoded_events, quality.truncated ? ", truncated" : ""));
  }
  const auto disturbed = std::ranges::count(summary.disturbed, false, &DisturbedPair::is_repeated);
  if (disturbed != 0) {
    page.warning(fmt::format(
        "{} untraced or traced rounds were disturbed by something else on this machine and are in the figures",
        disturbed));
  }
}

Json functions_list(const std::vector<ComparedFunction>& functions, std::size_t side) {
  Json list = Json::array();
  for (const ComparedFunction& one : functions) {
    list.push_back({{"name", one.name}, {"rate", rounded(one.rates.at(side))}});
  }
  return list;
}

/// Null if they were not recorded.
const TopologyFunctions* find_functions(const TopologiesReport& report, Topology topology, Protocol protocol) {
  const auto found = std::ranges::find_if(report.functions, [&](const TopologyFunctions& one) {
    return one.topology == topology && one.protocol == protocol;
  });
  return found == report.functions.end() ? nullptr : &*found;
}

Json functions_part(const TopologyFunctions& functions) {
  return {{"unit", functions.unit},
          {"added", functions_list(functions.compared.only_a, 0)},
          {"missing", functions_list(functions.compared.only_b, 1)},
          {"warnings", functions.warnings}};
}

Json cost_part(const TopologyCost& cost) {
  Json json{{"rtt_p50_ns", rounded(cost.rtt_p50_ns)}};
  if (cost.over_loopback) json["over_loopback"] = compared_figure(*cost.over_loopback);
  if (cost.counts) {
    const auto each = [&cost](std::uint64_t count) { return rounded(cost.counts->per_round_trip(count) / 2); };
    json["per_message"] = {{"syscalls", each(cost.counts->syscalls)},
                           {"skbs", each(cost.counts->skbs)},
                           {"softirqs", each(cost.counts->softirqs)},
                           {"context_switches", each(cost.counts->context_switches)},
                           {"wakeups", each(cost.counts->wakeups)}};
    json["devices"] = devices_part(cost.steps);
  }
  return json;
}

}  // namespace

std::string render_topologies_table(const TopologiesReport& report, const TableOptions& options) {
  Page page(static_cast<std::size_t>(std::max(options.width, kMinTableWidth)), Style(options.colour));
  page.text(fmt::format("sockscope topologies: {}", report.summary.title), "", "  ");
  add_state(page, report.summary);
  add_times(page, report);
  add_counts(page, report);
  add_functions(page, report);
  add_lacking(page, report);
  add_laws(page, report.summary);
  page.heading("ENVIRONMENT");
  for (const auto& [name, value] : report.summary.environment) {
    page.text(fmt::format("{}: {}", name, value), "  ", "    ");
  }
  return page.str();
}

std::string render_topologies_json(const TopologiesReport& report) {
  Json whole = report_json(report.summary);
  Json json{{"schema", "sockscope.topologies/1"}, {"topologies", Json::array()}, {"lacking", Json::array()}};
  for (const Topology topology : kTopologies) {
    Json one{{"name", name_of(topology)}};
    for (const Protocol protocol : kProtocols) {
      const TopologyCost* const cost = find(report, topology, protocol);
      if (cost == nullptr) continue;
      Json part = cost_part(*cost);
      if (const auto* const functions = find_functions(report, topology, protocol)) {
        part["functions"] = functions_part(*functions);
      }
      one[name_of(protocol)] = std::move(part);
    }
    if (one.size() > 1) json["topologies"].push_back(std::move(one));
  }
  for (const LackingTopology& lacking : report.lacking) {
    json["lacking"].push_back({{"name", name_of(lacking.topology)}, {"why", lacking.why}});
  }
  json["variants"] = std::move(whole["protocols"]);
  for (const char* const key :
       {"title", "mode", "interrupted", "environment", "plan", "laws", "data_quality", "disturbed", "missing"}) {
    if (whole.contains(key)) json[key] = std::move(whole[key]);
  }
  return text_of(json);
}

}  // namespace sockscope
