#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "report/figures_grid.h"
#include "report/numbers.h"
#include "report/sections.h"
#include "report/verdict_text.h"
#include "report/waterfall_rows.h"

/// What a compare found: the answer in words, every figure with its interval and verdict, and the difference taken
/// apart stage by stage.
namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 24;
Figures group_of(const ComparedFigure& figure) {
  return figure.watched == Watched::kTraced ? Figures::kCounts : Figures::kRoundTripTimes;
}

/// Runs that were slow as a whole say more about the machine than about what is compared.
void add_modes(TableDraft& draft, const VariantComparison& comparison) {
  for (std::size_t i = 0; i < comparison.modes.size(); ++i) {
    const RunModes& modes = comparison.modes[i];
    if (!modes.slow) continue;
    const ComparedFigure& figure = *comparison.headline();
    draft.page.text(
        fmt::format("{}: two modes, {} runs at {} and {} at {} us, each for the whole of its run",
                    draft.summary.variants[i].variant.label, modes.fast.runs, format_figure(figure, modes.fast.centre),
                    modes.slow->runs, format_figure(figure, modes.slow->centre)),
        "  ", "    ");
  }
}

void add_outliers(TableDraft& draft, const VariantComparison& comparison) {
  if (comparison.outliers.empty()) return;
  std::vector<std::string> pairs;
  pairs.reserve(comparison.outliers.size());
  for (const RunPair& pair : comparison.outliers) {
    pairs.push_back(fmt::format("round {} ({})", pair.round, format_ratio(pair.a / pair.b)));
  }
  draft.page.text(fmt::format("outlier pairs, with their ratio, in all figures: {}", fmt::join(pairs, ", ")), "  ",
                  "    ");
}

void add_disturbed(TableDraft& draft) {
  const auto& disturbed = draft.summary.disturbed;
  if (disturbed.empty()) return;
  std::map<std::string_view, unsigned> causes;
  for (const DisturbedPair& pair : disturbed) {
    std::set<std::string_view> of_pair;
    for (const Contamination& one : pair.by) of_pair.insert(name_of(one.by));
    for (const std::string_view cause : of_pair) ++causes[cause];
  }
  std::vector<std::string> words;
  words.reserve(causes.size());
  for (const auto& [cause, count] : causes) words.push_back(fmt::format("{} {}", cause, count));
  const auto repeated = std::ranges::count(disturbed, true, &DisturbedPair::is_repeated);
  draft.page.text(fmt::format("pairs that something else disturbed: {} measured again, {} in these figures ({})",
                              repeated, std::ssize(disturbed) - repeated, fmt::join(words, ", ")),
                  "  ", "    ");
}

}  // namespace

void add_answer(TableDraft& draft) {
  const auto& comparison = draft.summary.comparison;
  if (!comparison || comparison->headline() == nullptr) return;
  const auto& variants = draft.summary.variants;
  draft.page.text(headline_text(*comparison, variants[0].variant, variants[1].variant));
}

void add_compared(TableDraft& draft) {
  const auto& comparison = draft.summary.comparison;
  if (!comparison || comparison->figures.empty()) return;
  const Variant& a = draft.summary.variants[0].variant;
  const Variant& b = draft.summary.variants[1].variant;
  const auto is_doubtful = [&](const ComparedFigure& figure) {
    return figure.watched == Watched::kTraced &&
           (draft.doubts.about(a, group_of(figure)) || draft.doubts.about(b, group_of(figure)));
  };
  draft.page.heading("COMPARED", "by runs, not messages: times (us) of the fast runs, counts by mean; 95 % intervals");
  draft.page.grid(figures_grid(comparison->figures, comparison->rule, a, b, is_doubtful));
  add_modes(draft, *comparison);
  add_outliers(draft, *comparison);
  add_disturbed(draft);
}

void add_waterfall(TableDraft& draft) {
  const auto& comparison = draft.summary.comparison;
  if (!comparison || comparison->waterfall.steps.empty()) return;
  const Variant& a = draft.summary.variants[0].variant;
  const Variant& b = draft.summary.variants[1].variant;
  const Waterfall& waterfall = comparison->waterfall;
  Grid grid(kLabelWidth, {{"us", 24}, {"so far"}});
  grid.add_row(fmt::format("  {}, mean round trip", a.label), {Cell{}, Cell{format_us(waterfall.from_ns)}});
  for (const WaterfallRow& row : rows_of(waterfall)) {
    grid.add_row("  " + row.label, {Cell{row.change + row.interval}, Cell{format_us(row.after_ns)}});
  }
  grid.add_row(fmt::format("  {}, mean round trip", b.label), {Cell{}, Cell{format_us(waterfall.to_ns)}});
  draft.page.heading(fmt::format("FROM {} TO {}, traced", a.label, b.label),
                     "what each stage adds or saves, the mean over the pairs");
  draft.page.grid(grid);
}

}  // namespace sockscope
