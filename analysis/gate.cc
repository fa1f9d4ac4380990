#include "analysis/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/figure_change.h"

namespace sockscope {
namespace {

/// Runs of a baseline whose spread says something about the next one.
constexpr std::size_t kSpreadFrom = 5;

std::string percent(double part) { return fmt::format("{:.1f} %", part * 100); }

/// "1.052 times the baseline's [1.031, 1.070]"
std::string text_of(const Estimate& ratio) {
  std::string text = fmt::format("{:.3f} times the baseline's", ratio.value);
  if (ratio.ci95) text += fmt::format(" [{:.3f}, {:.3f}]", ratio.ci95->low, ratio.ci95->high);
  return text;
}

double spread_of(std::span<const double> runs) {
  const auto [least, most] = std::ranges::minmax(runs);
  return most - least;
}

void judge_count(FigureJudgement& judgement) {
  const double change = *judgement.now_value - *judgement.before_value;
  const std::string off = fmt::format("{:+.3f}, tolerance {:.3f}", change, judgement.limit);
  if (std::abs(change) <= judgement.limit) {
    judgement.verdict = GateVerdict::kUnchanged;
    judgement.reason = off;
  } else if (change > 0) {
    judgement.verdict = GateVerdict::kRegressed;
    judgement.reason =
        fmt::format("{:.3f} where the baseline has {:.3f} ({})", *judgement.now_value, *judgement.before_value, off);
  } else {
    judgement.verdict = GateVerdict::kBetter;
    judgement.reason = off;
  }
}

/// A change of a time on a machine that was busy with something else is none of the sockets'.
void doubt_busy_machine(FigureJudgement& judgement, double disturbed) {
  const bool has_changed = judgement.verdict == GateVerdict::kRegressed || judgement.verdict == GateVerdict::kBetter;
  if (!has_changed || disturbed <= GateRule::kMostDisturbed) return;
  judgement.verdict = GateVerdict::kCannotTell;
  judgement.reason += fmt::format(", but other programs disturbed {:.0f} % of the rounds", disturbed * 100);
}

void judge_time(const GateFigure& before, FigureJudgement& judgement) {
  judgement.ratio = change_between(before, judgement.now);
  if (!judgement.ratio || !judgement.ratio->ci95) {
    judgement.decides = false;
    judgement.reason = fmt::format("{} runs against {} are too few for an interval: the counts alone decide",
                                   judgement.now.runs.size(), before.runs.size());
    return;
  }
  const Interval interval = *judgement.ratio->ci95;
  const double most = 1 + judgement.limit;
  const std::string seen = text_of(*judgement.ratio);
  const std::string effect = percent(judgement.limit);
  if (interval.low > most) {
    judgement.verdict = GateVerdict::kRegressed;
    judgement.reason = fmt::format("{}: wholly beyond {}", seen, effect);
  } else if (interval.high < 1 / most) {
    judgement.verdict = GateVerdict::kBetter;
    judgement.reason = fmt::format("{}: wholly beyond {}", seen, effect);
  } else if (interval.high <= most) {
    judgement.verdict = GateVerdict::kUnchanged;
    judgement.reason = fmt::format("{}: no {} more", seen, effect);
  } else {
    judgement.decides = !judgement.now.is_traced;  // What tracing costs is no reason to measure the sockets again.
    judgement.reason = fmt::format("{}: too noisy to exclude {} more", seen, effect);
  }
}

/// Why a figure of the baseline has no runs now.
std::string absence_of(const GateFigure& figure, const GateRule& rule) {
  for (const GateDoubt& doubt : rule.doubts) {
    if (figure.is_traced && (doubt.variant.empty() || doubt.variant == figure.variant)) return doubt.reason;
  }
  return "not measured now";
}

/// A variant that lost on the other one did not get worse if it is the other one that got better.
void excuse_gains_of_others(GateResult& result) {
  const auto is_better = [&](std::string_view other) {
    return std::ranges::any_of(result.figures, [&](const FigureJudgement& one) {
      return one.now.variant == other && one.verdict == GateVerdict::kBetter &&
             one.now.name.ends_with(fmt::format("/{}", kCalibrationVariant));
    });
  };
  for (FigureJudgement& one : result.figures) {
    if (one.now.figure_class != FigureClass::kTime || one.verdict != GateVerdict::kRegressed) continue;
    const std::string other = one.now.name.substr(one.now.name.find('/') + 1);
    if (!is_better(other)) continue;
    one.verdict = GateVerdict::kUnchanged;
    one.reason += fmt::format(", since {} got better", other);
  }
}

bool has(const GateResult& result, GateVerdict verdict) {
  return std::ranges::any_of(result.figures, [&](const FigureJudgement& one) {
    return one.verdict == verdict && (one.decides || verdict != GateVerdict::kCannotTell);
  });
}

/// The verdict over all figures, and which of them it comes from.
void conclude(GateResult& result) {
  result.verdict = GateVerdict::kUnchanged;
  for (const GateVerdict verdict : {GateVerdict::kRegressed, GateVerdict::kCannotTell, GateVerdict::kBetter}) {
    if (!has(result, verdict)) continue;
    result.verdict = verdict;
    break;
  }
  result.reasons.clear();
  if (result.figures.empty()) {
    result.verdict = GateVerdict::kCannotTell;
    result.reasons.emplace_back("the baseline holds no figure");
  }
  for (const FigureJudgement& one : result.figures) {
    if (one.verdict != result.verdict || result.verdict == GateVerdict::kUnchanged) continue;
    if (one.decides) result.reasons.push_back(fmt::format("{}: {}", one.now.name, one.reason));
  }
}

}  // namespace

std::string_view name_of(GateVerdict verdict) {
  constexpr std::array<std::string_view, 4> names{"unchanged", "better", "regressed", "cannot-tell"};
  return names.at(static_cast<std::size_t>(verdict));
}

double usual_tolerance(std::string_view figure_name) {
  if (figure_name.ends_with(".wakeups")) return 1.1;
  if (figure_name.ends_with("context_switches")) return 0.25;
  if (figure_name.ends_with(".lost")) return 0.001;
  return 0.02;
}

double limit_of(const BaselineFigure& before, const GateRule& rule) {
  const GateFigure& figure = before.figure;
  if (figure.figure_class == FigureClass::kTime) {
    return rule.min_effect.value_or(before.limit.value_or(GateRule::kUsualEffect));
  }
  if (before.limit) return *before.limit;
  // The baseline's own runs are identical ones, too.
  const double spread = figure.runs.size() >= kSpreadFrom ? spread_of(figure.runs) : 0;
  return std::max(usual_tolerance(figure.name), spread);
}

FigureJudgement judge_figure(const BaselineFigure& before, const GateFigure& now, const GateRule& rule) {
  FigureJudgement judgement{.now = now,
                            .before_value = value_of(before.figure),
                            .now_value = std::nullopt,
                            .ratio = std::nullopt,
                            .limit = limit_of(before, rule),
                            .reason = {}};
  if (now.runs.empty()) {
    judgement.reason = absence_of(before.figure, rule);
    return judgement;
  }
  judgement.now_value = value_of(now);
  if (now.figure_class == FigureClass::kCount) {
    judge_count(judgement);
  } else {
    judge_time(before.figure, judgement);
    doubt_busy_machine(judgement, rule.disturbed);
  }
  return judgement;
}

GateResult judge(const Baseline& baseline, std::span<const GateFigure> now, const GateRule& of_now) {
  GateRule rule = of_now;
  rule.disturbed = std::max(of_now.disturbed, baseline.disturbed);
  GateResult result;
  for (const BaselineFigure& before : baseline.figures) {
    const GateFigure* const same = find_figure(now, before.figure.name);
    GateFigure figure = same != nullptr ? *same : before.figure;
    if (same == nullptr) figure.runs.clear();
    result.figures.push_back(judge_figure(before, figure, rule));
  }
  excuse_gains_of_others(result);
  conclude(result);
  return result;
}

GateResult confirmed(GateResult result, const GateResult& previous) {
  for (FigureJudgement& one : result.figures) {
    if (one.verdict != GateVerdict::kRegressed) continue;
    const auto same = std::ranges::find(previous.figures, one.now.name, [](const FigureJudgement& judged) {
      return std::string_view(judged.now.name);
    });
    if (same != previous.figures.end() && same->verdict == GateVerdict::kRegressed) continue;
    one.verdict = GateVerdict::kCannotTell;
    one.reason += ", but only since the last measurement: not confirmed";
  }
  conclude(result);
  return result;
}

void drop_doubtful(std::vector<GateFigure>& figures, std::span<const GateDoubt> doubts) {
  std::erase_if(figures, [&](const GateFigure& figure) {
    return figure.is_traced && std::ranges::any_of(doubts, [&](const GateDoubt& doubt) {
             return doubt.variant.empty() || doubt.variant == figure.variant;
           });
  });
}

}  // namespace sockscope
