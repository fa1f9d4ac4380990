#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/baseline.h"
#include "analysis/paired_comparison.h"

/// The judge of `sockscope gate`: a measurement against a baseline. docs/gate.md has the rules in full.
namespace sockscope {

enum class GateVerdict : std::uint8_t { kUnchanged, kBetter, kRegressed, kCannotTell };

/// "unchanged", "better", "regressed", "cannot-tell".
std::string_view name_of(GateVerdict verdict);

struct FigureJudgement {
  GateFigure now;                      ///< Without runs if it was not measured now.
  std::optional<double> before_value;  ///< What stands for the baseline's runs (value_of), and
  std::optional<double> now_value;     ///< of those of now.
  std::optional<Estimate> ratio;       ///< Times: now to before.
  double limit = 0;                    ///< The tolerance of a count, the smallest effect of a time.
  GateVerdict verdict = GateVerdict::kCannotTell;
  bool decides = true;  ///< False: whatever it says, the plan is not one that could tell.
  std::string reason;   ///< In words, without the figure's name.
};

struct GateResult {
  GateVerdict verdict = GateVerdict::kCannotTell;
  std::vector<FigureJudgement> figures;  ///< In the baseline's order.
  std::vector<std::string> reasons;      ///< Of the verdict, in words.
};

/// Something that makes the trace of a variant no evidence: lost events, a law that fails. Or why there is none.
struct GateDoubt {
  std::string variant;  ///< Empty: of every variant.
  std::string reason;
};

struct GateRule {
  std::optional<double> min_effect;     ///< Instead of the self-test's, or of kUsualEffect.
  std::span<const GateDoubt> doubts{};  ///< Why figures of the trace are missing now.
  /// As Baseline::disturbed, of now. Beyond kMostDisturbed, now or then, no time is told to have changed: what takes
  /// the CPU takes it from round trips and from the calibration in different parts.
  double disturbed = 0;

  static constexpr double kUsualEffect = 0.05;
  static constexpr double kMostDisturbed = 0.25;
};

/// How far a count may be off where no self-test said so: for syscalls and packets next to nothing. Wake-ups have twice
/// the value when a third program keeps the CPU busy (the peer sleeps already when its message comes).
double usual_tolerance(std::string_view figure_name);

/// The limit that a figure is judged by.
double limit_of(const BaselineFigure& before, const GateRule& rule);

FigureJudgement judge_figure(const BaselineFigure& before, const GateFigure& now, const GateRule& rule);

GateResult judge(const Baseline& baseline, std::span<const GateFigure> now, const GateRule& of_now);

/// Red must be seen twice: a figure that is red now and was not in `previous`, which had fewer runs, cannot tell.
GateResult confirmed(GateResult result, const GateResult& previous);

/// Figures that depend on a doubted trace are no evidence.
void drop_doubtful(std::vector<GateFigure>& figures, std::span<const GateDoubt> doubts);

}  // namespace sockscope
