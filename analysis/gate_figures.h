#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/run_figures.h"

namespace sockscope {

/// What a figure of the gate is judged by: counts exactly, within a tolerance; times by an interval, within the
/// smallest effect that matters.
enum class FigureClass : std::uint8_t { kCount, kTime };

/// "count", "time".
std::string_view name_of(FigureClass figure_class);

/// One figure of a measurement in each of its runs. A time is never one by itself, which would be the machine's speed
/// of that hour, but a ratio to another time of the same round:
///
///   tcp.syscalls                    a count per round trip, or per unit of the workload
///   tcp.rtt_p50/calibration         to the loop that uses no sockets
///   tcp.rtt_p50/udp                 to the other variant
///   tcp.rtt_mean.traced/untraced    what tracing costs
struct GateFigure {
  std::string name;
  std::string variant;  ///< Whose figure it is: "tcp".
  FigureClass figure_class = FigureClass::kCount;
  bool is_traced = false;       ///< Comes from traced runs, so that it depends on a trace without losses.
  std::vector<double> runs;     ///< Of a time in nanoseconds,
  std::vector<double> bases{};  ///< which is a ratio to these, of the same rounds.

  bool operator==(const GateFigure&) const = default;
};

/// A variant's runs, as a summary has them.
struct VariantRuns {
  std::string key;
  std::vector<RunFigures> runs;
};

/// The variant that is the loop without sockets.
inline constexpr std::string_view kCalibrationVariant = "calibration";

std::vector<GateFigure> gate_figures(std::span<const VariantRuns> variants);

/// Adds the runs of another measurement of the same plan.
void pool(std::vector<GateFigure>& figures, const std::vector<GateFigure>& more);

const GateFigure* find_figure(std::span<const GateFigure> figures, std::string_view name);

}  // namespace sockscope
