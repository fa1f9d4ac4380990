#include "report/plot/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "report/latency_groups.h"
#include "report/numbers.h"
#include "report/plot/distributions.h"
#include "report/plot/tail_chart.h"
#include "report/plot/waterfall_chart.h"
#include "report/sections.h"
#include "report/text.h"
#include "report/waterfall_rows.h"

namespace sockscope {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 4> kPercentiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

/// Those of the table's LATENCY: untraced, or else from the trace. No series where there are none.
LatencyGroup round_trips(const Summary& summary) {
  LatencyGroup group{.what = "round trip", .series = {}};
  const bool is_traced = !has_untraced(summary);
  for (const VariantSummary& side : summary.variants) {
    const Histogram* times = nullptr;
    if (!is_traced && side.untraced) times = &side.untraced->rtt;
    if (is_traced && side.traced) times = &side.traced->rtt;
    if (times == nullptr || times->empty()) continue;
    group.series.push_back({.variant = &side.variant, .is_traced = is_traced, .json_path = {}, .times = times});
  }
  return group;
}

/// Round trips, or whatever else was measured where nobody answers.
std::vector<LatencyGroup> shown_groups(const Summary& summary) {
  if (auto group = round_trips(summary); !group.series.empty()) return {std::move(group)};
  auto groups = latency_groups(summary);
  for (LatencyGroup& group : groups) {
    const bool is_untraced =
        std::ranges::any_of(group.series, [](const LatencySeries& series) { return !series.is_traced; });
    if (is_untraced) std::erase_if(group.series, [](const LatencySeries& series) { return series.is_traced; });
  }
  return groups;
}

void add_percentiles(TableDraft& draft, const LatencyGroup& group) {
  std::vector<Grid::Column> columns{{"min", 8}};
  for (const auto& [name, quantile] : kPercentiles) columns.push_back({std::string(name), 8});
  columns.push_back({"max", 8});
  columns.push_back({"measured", 10});
  Grid grid(7, std::move(columns));
  for (const LatencySeries& series : group.series) {
    const bool doubtful = series.is_traced && draft.doubts.about(*series.variant, Figures::kRoundTripTimes);
    const auto cell = [&](std::uint64_t ns) { return Cell{format_us(static_cast<double>(ns)), doubtful}; };
    std::vector<Cell> cells{cell(series.times->min())};
    for (const auto& [name, quantile] : kPercentiles) cells.push_back(cell(series.times->quantile(quantile)));
    cells.push_back(cell(series.times->max()));
    cells.push_back({format_count(series.times->count())});
    grid.add_row("  " + series.variant->label, std::move(cells));
  }
  draft.page.grid(grid);
}

void add_group(TableDraft& draft, const LatencyGroup& group) {
  std::vector<Curve> curves;
  std::vector<LabelledTimes> spreads;
  bool is_one_alone = true;
  for (const LatencySeries& series : group.series) {
    curves.push_back({.label = series.variant->label, .times = series.times});
    spreads.push_back({.label = series.variant->label, .times = series.times});
    is_one_alone = is_one_alone && series.times->count() == 1;
  }
  const bool is_traced = group.series.front().is_traced;
  draft.page.heading(fmt::format("{}, {}", upper_case(group.what), is_traced ? "traced" : "untraced"),
                     is_one_alone ? "microseconds"
                                  : fmt::format("what share took less than so long{}; below in microseconds",
                                                is_traced ? ", with the cost of tracing" : ""));
  // Of a single message each there is nothing to be distributed.
  if (!is_one_alone) draft.page.picture(tail_chart(curves, *draft.screen, draft.page.style()));
  add_percentiles(draft, group);
  if (!is_one_alone) draft.page.picture(distribution_lines(spreads, *draft.screen, draft.page.style()));
}

void add_waterfall_chart(TableDraft& draft) {
  const auto waterfall = waterfall_of(draft.summary);
  if (!waterfall) return;
  const auto& variants = draft.summary.variants;
  const bool is_doubtful = std::ranges::any_of(
      variants, [&](const VariantSummary& side) { return draft.doubts.about(side.variant, Figures::kStages); });
  const std::string mark = is_doubtful ? "!" : "";
  const auto end = [&](std::size_t index, double ns) {
    return WaterfallEnd{.label = variants[index].variant.label + ", mean", .figure = format_us(ns) + mark, .ns = ns};
  };
  auto rows = rows_of(*waterfall);
  for (WaterfallRow& row : rows) row.change += mark;
  draft.page.heading(fmt::format("FROM {} TO {}, traced", variants[0].variant.label, variants[1].variant.label),
                     "what each stage adds or saves (us)");
  draft.page.picture(
      waterfall_chart(end(0, waterfall->from_ns), rows, end(1, waterfall->to_ns), *draft.screen, draft.page.style()));
}

}  // namespace

std::string render_plot(const Summary& summary, const TableOptions& options) {
  TableOptions drawn = options;
  if (!drawn.screen) drawn.screen = Screen();
  TableDraft draft{.summary = summary, .doubts = Doubts(summary), .page = Page(drawn), .screen = drawn.screen};
  add_mode(draft);
  add_answer(draft);
  add_warnings(draft);
  const auto groups = shown_groups(summary);
  for (const LatencyGroup& group : groups) add_group(draft, group);
  if (groups.empty()) draft.page.text("Nothing to draw: no message was timed, and none followed from end to end.");
  add_waterfall_chart(draft);
  return draft.page.str();
}

}  // namespace sockscope
