#include <algorithm>
#include <string>
#include <vector>

#include "report/numbers.h"
#include "report/sections.h"
#include "report/verdict_text.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 22;
constexpr std::size_t kTracedWidth = 10;
constexpr std::size_t kEventsWidth = 7;
constexpr std::size_t kCorrectedWidth = 21;

std::string estimate_text(const Estimate& estimate) {
  return format_us(estimate.value) + interval_text(estimate, format_us);
}

/// A row has three cells for each variant that has a correction.
class CorrectedTable {
 public:
  explicit CorrectedTable(const TableDraft& draft) : draft_(draft), grid_(kLabelWidth, columns()) {}

  void add_part(std::size_t part) {
    std::vector<Cell> cells;
    bool is_anywhere = false;
    for (const VariantSummary* side : sides()) {
      const CorrectedPart& of_side = side->probe_effect->parts.at(part);
      is_anywhere = is_anywhere || of_side.traced_ns > 0;
      append(cells, *side, of_side.traced_ns, of_side.events, of_side.corrected_ns);
    }
    const auto& [direction, stage] = kPartsOfRoundTrip.at(part);
    if (is_anywhere) grid_.add_row(fmt::format("  {:<9}{}", name_of(direction), name_of(stage)), std::move(cells));
  }

  void add_together() {
    std::vector<Cell> cells;
    for (const VariantSummary* side : sides()) {
      const ProbeEffect& effect = *side->probe_effect;
      double events = 0;
      for (const CorrectedPart& part : effect.parts) events += part.events;
      append(cells, *side, effect.traced_ns, events, effect.corrected_ns);
    }
    grid_.add_row("  together", std::move(cells));
  }

  void add_proof() {
    std::vector<Cell> medians;
    std::vector<Cell> gaps;
    for (const VariantSummary* side : sides()) {
      const auto& median = side->probe_effect->untraced_p50_ns;
      const auto gap = side->probe_effect->gap();
      medians.insert(medians.end(), {Cell{}, Cell{}, Cell{median ? format_us(*median) : "-"}});
      gaps.insert(gaps.end(), {Cell{}, Cell{}, Cell{gap ? fmt::format("{:+.1f} %", *gap * 100) : "-"}});
    }
    grid_.add_row("  untraced, p50", std::move(medians));
    grid_.add_row("  gap", std::move(gaps));
  }

  [[nodiscard]] const Grid& grid() const { return grid_; }

 private:
  [[nodiscard]] std::vector<const VariantSummary*> sides() const {
    std::vector<const VariantSummary*> sides;
    for (const VariantSummary& side : draft_.summary.variants) {
      if (side.probe_effect) sides.push_back(&side);
    }
    return sides;
  }

  [[nodiscard]] std::vector<Grid::Column> columns() const {
    std::vector<Grid::Column> columns;
    for (const VariantSummary* side : sides()) {
      columns.insert(columns.end(), {{.title = side->variant.label + " traced", .width = kTracedWidth},
                                     {.title = "events", .width = kEventsWidth, .is_joined = true},
                                     {.title = "corrected", .width = kCorrectedWidth, .is_joined = true}});
    }
    return columns;
  }

  void append(std::vector<Cell>& cells, const VariantSummary& side, double traced_ns, double events,
              const Estimate& corrected_ns) const {
    const bool marked = draft_.doubts.about(side.variant, Figures::kStages);
    cells.insert(cells.end(), {Cell{format_us(traced_ns), marked}, Cell{fmt::format("{:.2f}", events), marked},
                               Cell{estimate_text(corrected_ns), marked}});
  }

  const TableDraft& draft_;
  Grid grid_;
};

std::string cost_text(const VariantSummary& side) {
  const ProbeEffect& effect = *side.probe_effect;
  return fmt::format("{}: an event takes {} us, by {} {} of runs that record {:.1f} and {:.1f} events a round trip",
                     side.variant.label, estimate_text(effect.event_ns), effect.pairs,
                     effect.pairs == 1 ? "pair" : "pairs", effect.events, effect.nested_events);
}

}  // namespace

void add_corrected_stages(TableDraft& draft) {
  const auto has_effect = [](const VariantSummary& side) { return side.probe_effect.has_value(); };
  if (std::ranges::none_of(draft.summary.variants, has_effect)) return;
  CorrectedTable table(draft);
  for (std::size_t part = 0; part < kRoundTripParts; ++part) table.add_part(part);
  table.add_together();
  table.add_proof();
  draft.page.heading("STAGES, corrected", "without the time of the events in them; means of the middle half");
  draft.page.grid(table.grid());
  for (const VariantSummary& side : draft.summary.variants) {
    if (side.probe_effect) draft.page.text(cost_text(side), "  ", "    ");
  }
}

}  // namespace sockscope
