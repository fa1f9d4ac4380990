#include <algorithm>
#include <utility>
#include <vector>

#include "report/comparison.h"
#include "report/numbers.h"
#include "report/plot/distributions.h"
#include "report/sections.h"
#include "report/stage_means.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 22;
/// Wide enough for common times; the grid takes more if it must.
constexpr std::size_t kTimeWidth = 9;
constexpr std::size_t kAbsentWidth = 9;
constexpr std::size_t kDifferenceWidth = 13;
constexpr std::size_t kSpreadBins = 10;

std::string absent_text(const StageSummary& stage) {
  return stage.absent == 0 ? "" : format_percent(stage.absent, stage.durations.count() + stage.absent);
}

class StageTable {
 public:
  explicit StageTable(const TableDraft& draft) : draft_(draft), grid_(kLabelWidth, columns()) {}

  void add_stage(const RoundTripPart& path_stage) {
    std::vector<Cell> cells;
    std::vector<Figure> means;
    std::vector<const Histogram*> spreads;
    bool known = false;
    for (const VariantSummary& side : draft_.summary.variants) {
      const StageSummary* stage = find_stage(side, path_stage);
      known = known || stage != nullptr;
      means.push_back(append(cells, side, stage));
      spreads.push_back(stage == nullptr ? nullptr : &stage->durations);
    }
    if (!known) return;
    add_row(label_of(path_stage), std::move(cells), means, spreads);
  }

  void add_sum_of_stages() {
    std::vector<Cell> cells;
    std::vector<Figure> means;
    for (const VariantSummary& side : draft_.summary.variants) {
      means.push_back({sum_of_stages(side), doubtful(side)});
      cells.insert(cells.end(), {Cell{}, cell_of(means.back(), format_us), Cell{}});
    }
    add_row("sum of the stages", std::move(cells), means);
  }

  /// A time from end to end, measured on its own and not added up.
  void add_whole(std::string_view label, Histogram TracedSummary::* member) {
    std::vector<Cell> cells;
    std::vector<Figure> means;
    std::vector<const Histogram*> spreads;
    for (const VariantSummary& side : draft_.summary.variants) {
      Figure median{std::nullopt, doubtful(side)};
      Figure mean{std::nullopt, doubtful(side)};
      const Histogram* times = side.traced ? &((*side.traced).*member) : nullptr;
      if (times != nullptr && !times->empty()) {
        median.value = static_cast<double>(times->quantile(0.5));
        mean.value = times->mean();
      }
      means.push_back(mean);
      spreads.push_back(times);
      cells.insert(cells.end(), {cell_of(median, format_us), cell_of(mean, format_us), Cell{}});
    }
    add_row(label, std::move(cells), means, spreads);
  }

  [[nodiscard]] const Grid& grid() const { return grid_; }

 private:
  void add_row(std::string_view label, std::vector<Cell> cells, const std::vector<Figure>& means,
               const std::vector<const Histogram*>& spreads = {}) {
    if (means.size() == 2) cells.push_back(difference_of(means[0], means[1], format_us));
    if (draft_.screen) {
      for (std::string& spread : distribution_cells(spreads, kSpreadBins, draft_.screen->glyphs)) {
        cells.push_back({.text = std::move(spread)});
      }
    }
    grid_.add_row(fmt::format("  {}", label), std::move(cells));
  }

  [[nodiscard]] std::vector<Grid::Column> columns() const {
    std::vector<Grid::Column> columns;
    const auto& sides = draft_.summary.variants;
    for (const VariantSummary& side : sides) {
      columns.push_back({side.variant.label + " p50", kTimeWidth});
      columns.push_back({.title = "mean", .width = kTimeWidth, .is_joined = true});
      columns.push_back({.title = "absent", .width = kAbsentWidth, .is_joined = true});
    }
    if (sides.size() == 2) {
      columns.push_back({sides[0].variant.label + " - " + sides[1].variant.label, kDifferenceWidth});
    }
    if (!draft_.screen) return columns;
    for (const VariantSummary& side : sides) {
      columns.push_back({.title = side.variant.label + " to p99", .width = kSpreadBins + 1, .is_extra = true});
    }
    return columns;
  }

  [[nodiscard]] bool doubtful(const VariantSummary& side) const {
    return draft_.doubts.about(side.variant, Figures::kStages);
  }

  /// Adds the three cells of a variant and returns its mean.
  [[nodiscard]] Figure append(std::vector<Cell>& cells, const VariantSummary& side, const StageSummary* stage) const {
    if (stage == nullptr) {
      cells.insert(cells.end(), {Cell{"-"}, Cell{"-"}, Cell{}});
      return {};
    }
    const bool marked = doubtful(side);
    const Figure mean{mean_share_of(*stage), marked};
    Figure median{std::nullopt, marked};
    if (!stage->durations.empty()) median.value = static_cast<double>(stage->durations.quantile(0.5));
    const std::string absent = absent_text(*stage);
    cells.insert(cells.end(),
                 {cell_of(median, format_us), cell_of(mean, format_us), Cell{absent, marked && !absent.empty()}});
    return mean;
  }

  const TableDraft& draft_;
  Grid grid_;
};

}  // namespace

void add_stages(TableDraft& draft) {
  const bool any = std::ranges::any_of(
      draft.summary.variants, [](const VariantSummary& side) { return side.traced && !side.traced->stages.empty(); });
  if (!any) return;
  StageTable table(draft);
  for (const RoundTripPart& path_stage : kPathOfRoundTrip) table.add_stage(path_stage);
  table.add_sum_of_stages();
  if (has_round_trips(draft.summary)) table.add_whole("round trip", &TracedSummary::rtt);
  table.add_whole("request, one way", &TracedSummary::request_one_way);
  table.add_whole("response, one way", &TracedSummary::response_one_way);
  const bool both = draft.summary.variants.size() == 2;
  draft.page.heading("STAGES, traced", fmt::format("where the microseconds of a {} go{}",
                                                   has_round_trips(draft.summary) ? "round trip" : "message",
                                                   both ? "; difference of the means" : ""));
  draft.page.grid(table.grid());
  draft.page.text(
      "absent: messages without the stage (a receiver that had not blocked needs no wake-up); p50 is of the others, "
      "the "
      "mean of all, so that it adds up.",
      "  ", "  ");
  if (!draft.screen || !table.grid().has_room_for_extras(draft.page.width())) return;
  draft.page.text(
      "to p99: how those that have the stage are spread, from the fastest of all to the larger p99, on a logarithmic "
      "axis of each row's own.",
      "  ", "  ");
}

}  // namespace sockscope
