#include "report/waterfall_rows.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "report/numbers.h"
#include "report/stage_means.h"
#include "report/verdict_text.h"

namespace sockscope {
namespace {

/// "request  send" of "stage.request.send_ns".
std::string label_of_step(std::string_view name) {
  name.remove_prefix(std::string_view("stage.").size());
  name.remove_suffix(std::string_view("_ns").size());
  const auto dot = name.find('.');
  return fmt::format("{:<9}{}", name.substr(0, dot), name.substr(dot + 1));
}

double share_of(const VariantSummary& side, const RoundTripPart& part) {
  const StageSummary* const stage = find_stage(side, part);
  return stage == nullptr ? 0 : mean_share_of(*stage).value_or(0);
}

}  // namespace

std::vector<WaterfallRow> rows_of(const Waterfall& waterfall) {
  // Each change is the difference of two rounded sums.
  constexpr double hundredth_us = 10;
  const auto rounded = [](double ns) { return std::round(ns / hundredth_us) * hundredth_us; };
  std::vector<WaterfallRow> rows;
  double sum = waterfall.from_ns;
  for (const WaterfallStep& step : waterfall.steps) {
    const double before = rounded(sum);
    sum += step.difference_ns.value;
    const double after = rounded(sum);
    rows.push_back({.label = label_of_step(step.name),
                    .change = with_sign(format_us(after - before)),
                    .interval = interval_text(step.difference_ns, format_us),
                    .may_be_nothing = step.difference_ns.ci95 && step.difference_ns.ci95->contains(0),
                    .before_ns = before,
                    .after_ns = after});
  }
  return rows;
}

std::optional<Waterfall> waterfall_of(const Summary& summary) {
  if (summary.comparison && !summary.comparison->waterfall.steps.empty()) return summary.comparison->waterfall;
  if (summary.variants.size() != 2) return std::nullopt;
  const VariantSummary& a = summary.variants[0];
  const VariantSummary& b = summary.variants[1];
  const auto from = sum_of_stages(a);
  const auto to = sum_of_stages(b);
  if (!from || !to) return std::nullopt;
  Waterfall waterfall{.from_ns = *from, .to_ns = *to, .steps = {}};
  for (const RoundTripPart& part : kPathOfRoundTrip) {
    if (find_stage(a, part) == nullptr && find_stage(b, part) == nullptr) continue;
    waterfall.steps.push_back({.name = fmt::format("stage.{}.{}_ns", name_of(part.first), name_of(part.second)),
                               .difference_ns = {.value = share_of(b, part) - share_of(a, part), .ci95 = {}}});
  }
  return waterfall;
}

}  // namespace sockscope
