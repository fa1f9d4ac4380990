#include "analysis/run_conditions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sockscope {
namespace {

// The measurements behind these limits are in docs/conditions.md.
constexpr double kMostForeign = 0.04;               // of one CPU
constexpr double kMostStolen = 0.02;                // of one CPU
constexpr std::uint64_t kStealStepNs = 10'000'000;  // The kernel's: one step alone may have begun before the run.
constexpr double kMostFrequencyChange = 0.05;

double share(std::uint64_t ns, std::uint64_t wall_ns) { return static_cast<double>(ns) / static_cast<double>(wall_ns); }

/// Shares are those of one CPU, on whichever of the measured ones: "CPU 0", "one CPU, of CPUs 0 and 1".
std::string text_of(const std::vector<int>& cpus) {
  return fmt::format("{} {}", cpus.size() == 1 ? "CPU" : "one CPU, of CPUs", fmt::join(cpus, " and "));
}

std::optional<Contamination> foreign_cpu(const RunConditions& run) {
  const double foreign = share(run.foreign_ns, run.wall_ns);
  if (foreign <= kMostForeign) return std::nullopt;
  std::string what = fmt::format("other programs took {:.0f} % of {}", 100 * foreign, text_of(run.cpus));
  if (!run.busiest.empty()) what += ", the busiest being " + run.busiest;
  return Contamination{.by = Contaminant::kForeignCpu, .what = std::move(what)};
}

std::optional<Contamination> steal(const RunConditions& run) {
  const double stolen = share(run.steal_ns, run.wall_ns);
  if (stolen <= kMostStolen || run.steal_ns <= kStealStepNs) return std::nullopt;
  return Contamination{.by = Contaminant::kSteal,
                       .what = fmt::format("the host took {:.0f} % of {}", 100 * stolen, text_of(run.cpus))};
}

}  // namespace

std::string_view name_of(Contaminant contaminant) {
  switch (contaminant) {
    case Contaminant::kForeignCpu:
      return "foreign-cpu";
    case Contaminant::kTracer:
      return "tracer";
    case Contaminant::kSteal:
      return "steal";
    case Contaminant::kFrequency:
      return "cpu-frequency";
  }
  return "";
}

std::vector<Contamination> contamination(const RunConditions& run) {
  std::vector<Contamination> found;
  if (run.wall_ns == 0) return found;
  for (const auto check : {foreign_cpu, steal}) {
    if (auto contaminated = check(run)) found.push_back(std::move(*contaminated));
  }
  if (!run.tracers.empty()) {
    found.push_back(
        {.by = Contaminant::kTracer, .what = fmt::format("something else traced: {}", fmt::join(run.tracers, ", "))});
  }
  return found;
}

std::vector<Contamination> contamination_between(const RunConditions& a, const RunConditions& b) {
  std::vector<Contamination> found;
  if (a.cpus != b.cpus || a.cpu_khz.size() != b.cpu_khz.size()) return found;
  for (std::size_t i = 0; i < a.cpu_khz.size(); ++i) {
    const auto [low, high] = std::minmax(a.cpu_khz[i], b.cpu_khz[i]);
    if (static_cast<double>(high) <= (1 + kMostFrequencyChange) * static_cast<double>(low)) continue;
    found.push_back({.by = Contaminant::kFrequency,
                     .what = fmt::format("CPU {} ran at {} MHz in one run and at {} MHz in the other", a.cpus[i],
                                         a.cpu_khz[i] / 1'000, b.cpu_khz[i] / 1'000)});
  }
  return found;
}

}  // namespace sockscope
