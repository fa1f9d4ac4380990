#include "analysis/run_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/percentile_support.h"
#include "analysis/summary.h"

namespace sockscope {
namespace {

using Values = std::vector<std::pair<std::string, double>>;

constexpr std::array<std::pair<std::string_view, double>, 4> kQuantiles{
    {{"rtt_p50_ns", 0.5}, {"rtt_p90_ns", 0.9}, {"rtt_p99_ns", 0.99}, {"rtt_p999_ns", 0.999}}};

void add_round_trips(Values& values, const Histogram& rtt) {
  if (rtt.empty()) return;
  for (const auto& [name, quantile] : kQuantiles) {
    if (supports_quantile(rtt.count(), quantile)) {
      values.emplace_back(std::string(name), static_cast<double>(rtt.quantile(quantile)));
    }
  }
  values.emplace_back("rtt_mean_ns", rtt.mean());
}

void add_measured(Values& values, const UntracedSummary& run) {
  for (const auto& [name, times] : run.measured.times) {
    if (!times.empty()) values.emplace_back(name + "_p50_ns", static_cast<double>(times.quantile(0.5)));
  }
  if (run.measured.units == 0) return;
  values.emplace_back("unit_ns", static_cast<double>(run.measured_ns) / static_cast<double>(run.measured.units));
}

void add_counters(Values& values, const UntracedSummary& run) {
  for (const auto& [counter, name] :
       {std::pair{"task-clock", "cpu_time_ns"}, std::pair{"context-switches", "counted_context_switches"}}) {
    const auto found = std::ranges::find(run.counters, counter, &std::pair<std::string, std::uint64_t>::first);
    if (found == run.counters.end()) continue;
    values.emplace_back(name, static_cast<double>(found->second) / static_cast<double>(run.counted));
  }
}

void add_stages(Values& values, const TracedSummary& run) {
  if (run.rtt.empty()) return;
  values.emplace_back("rtt_mean_ns", run.rtt.mean());
  for (const StageSummary& stage : run.stages) {
    const auto messages = static_cast<double>(stage.durations.count() + stage.absent);
    values.emplace_back(fmt::format("stage.{}.{}_ns", name_of(stage.direction), name_of(stage.stage)),
                        messages == 0 ? 0.0 : static_cast<double>(stage.durations.sum()) / messages);
  }
}

void add_path_counts(Values& values, const PathCounts& counts) {
  if (counts.round_trips == 0) return;
  for (const auto& [name, count] :
       {std::pair{"syscalls", counts.syscalls}, std::pair{"skbs", counts.skbs}, std::pair{"softirqs", counts.softirqs},
        std::pair{"context_switches", counts.context_switches}, std::pair{"wakeups", counts.wakeups}}) {
    values.emplace_back(name, counts.per_round_trip(count));
  }
}

void add_session_counts(Values& values, const SessionTotals& session, std::uint64_t units) {
  if (units == 0) return;
  std::uint64_t drops = 0;
  for (const auto& [reason, count] : session.drops) drops += count;
  for (const auto& [name, count] :
       {std::pair{"syscalls", session.syscalls}, std::pair{"skbs", session.skbs},
        std::pair{"data_skbs", session.data_skbs}, std::pair{"softirqs", session.softirqs},
        std::pair{"context_switches", session.context_switches}, std::pair{"wakeups", session.wakeups},
        std::pair{"socket_state_changes", session.socket_state_changes}, std::pair{"sockets", session.sockets},
        std::pair{"copies", session.copies}, std::pair{"drops", drops}}) {
    values.emplace_back(name, static_cast<double>(count) / static_cast<double>(units));
  }
}

}  // namespace

std::string_view name_of(Watched watched) {
  constexpr std::array<std::string_view, 4> names{"untraced", "counted", "traced", "nested"};
  return names.at(static_cast<std::size_t>(watched));
}

std::optional<double> RunFigures::value(std::string_view name) const {
  const auto found = std::ranges::find(values, name, &std::pair<std::string, double>::first);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

RunFigures figures_of(unsigned round, const UntracedSummary& run) {
  RunFigures figures{
      .round = round, .watched = run.counted == 0 ? Watched::kUntraced : Watched::kCounted, .values = {}};
  if (figures.watched == Watched::kCounted) add_counters(figures.values, run);
  add_round_trips(figures.values, run.rtt);
  add_measured(figures.values, run);
  return figures;
}

RunFigures figures_of(unsigned round, const TracedSummary& run) {
  RunFigures figures{.round = round, .watched = Watched::kTraced, .values = {}};
  add_stages(figures.values, run);
  if (run.unit.empty()) {
    add_path_counts(figures.values, run.counts);
  } else if (run.session) {
    add_session_counts(figures.values, *run.session, run.units);
  }
  return figures;
}

}  // namespace sockscope
