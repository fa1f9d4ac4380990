#include "report/warnings.h"

#include <fmt/format.h>

#include "report/numbers.h"
#include "report/sections.h"

namespace sockscope {
namespace {

/// "1 event", "2 events".
std::string counted(std::uint64_t count, const std::string& singular, const std::string& plural) {
  return format_count(count) + " " + (count == 1 ? singular : plural);
}

void warn_of_lost_round_trips(std::vector<std::string>& warnings, const VariantSummary& side, std::uint64_t lost,
                              const char* how) {
  if (lost == 0) return;
  warnings.push_back(fmt::format("{}, {}: {} given up after the receive time-out, in no percentile.",
                                 side.variant.label, how, counted(lost, "round trip was", "round trips were")));
}

}  // namespace

std::string describe_mode(const Summary& summary) {
  const bool traced = has_traced(summary);
  const bool untraced = has_untraced(summary);
  if (!traced && !untraced) return "nothing was measured";
  if (!traced) return "nothing was traced; latency and counters by the workload, getrusage and libperf";
  if (untraced) return "latency from untraced rounds; counts, stages and switches from traced rounds";
  return "everything is from the trace, so the times contain what tracing costs";
}

std::vector<std::string> warnings_of(const Summary& summary) {
  std::vector<std::string> warnings;
  const DataQuality& quality = summary.data_quality;
  if (summary.interrupted) {
    warnings.emplace_back("Interrupted: only the rounds that were finished are in these figures.");
  }
  if (quality.lost_events != 0) {
    warnings.push_back(fmt::format("{} lost: a buffer was full. Less load on the machine, or fewer events, avoid it.",
                                   counted(quality.lost_events, "event was", "events were")));
  }
  if (quality.undecoded_events != 0) {
    warnings.push_back(
        fmt::format("{} not be decoded.", counted(quality.undecoded_events, "event could", "events could")));
  }
  if (quality.truncated) warnings.emplace_back("The recording is truncated: it ends within a record.");
  for (const VariantSummary& side : summary.variants) {
    if (side.untraced) warn_of_lost_round_trips(warnings, side, side.untraced->lost, "untraced");
    if (side.traced) warn_of_lost_round_trips(warnings, side, side.traced->lost, "traced");
  }
  for (const Law& law : summary.laws) {
    if (!law.holds) warnings.push_back(fmt::format("A law fails: {} ({})", law.name, law.detail));
  }
  return warnings;
}

}  // namespace sockscope
