#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/comparison.h"
#include "report/device_words.h"
#include "report/numbers.h"
#include "report/sections.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 44;
constexpr std::size_t kTimeWidth = 9;

std::string label_of(const DeviceStep& step) {
  return fmt::format("  {:<9}{}", name_of(step.direction), text_of(step));
}

/// Null if that side's messages went another way.
const DeviceStep* find(const std::vector<DeviceStep>& steps, const DeviceStep& wanted) {
  const auto found = std::ranges::find_if(steps, [&wanted](const DeviceStep& step) {
    return step.direction == wanted.direction && step.from.is_where(wanted.from) && step.to.is_where(wanted.to);
  });
  return found == steps.end() ? nullptr : &*found;
}

}  // namespace

void add_devices(TableDraft& draft) {
  std::vector<std::vector<DeviceStep>> of_sides;
  std::vector<Grid::Column> columns;
  std::vector<DeviceStep> rows;
  std::uint64_t elsewhere = 0;
  for (const VariantSummary& side : draft.summary.variants) {
    of_sides.push_back(side.traced ? side.traced->devices.steps() : std::vector<DeviceStep>{});
    columns.push_back({side.variant.label + " p50", kTimeWidth});
    columns.push_back({"mean", kTimeWidth});
    if (side.traced) elsewhere += side.traced->devices.elsewhere();
    for (const DeviceStep& step : of_sides.back()) {
      if (find(rows, step) == nullptr) rows.push_back(step);
    }
  }
  if (rows.empty()) return;
  Grid grid(kLabelWidth, columns);
  for (const DeviceStep& row : rows) {
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < of_sides.size(); ++i) {
      const DeviceStep* const step = find(of_sides[i], row);
      const bool marked = draft.doubts.about(draft.summary.variants[i].variant, Figures::kStages);
      const bool is_there = step != nullptr && !step->durations.empty();
      cells.push_back(is_there ? Cell{format_us(static_cast<double>(step->durations.quantile(0.5))), marked}
                               : Cell{"-"});
      cells.push_back(is_there ? Cell{format_us(step->durations.mean()), marked} : Cell{"-"});
    }
    grid.add_row(label_of(row), std::move(cells));
  }
  draft.page.heading("DEVICES, traced", "where the stages device and backlog go; they add up to these two");
  draft.page.grid(grid);
  if (elsewhere != 0) {
    draft.page.text(fmt::format("Of messages that went another way, which are not in it: {}.", format_count(elsewhere)),
                    "  ", "  ");
  }
}

}  // namespace sockscope
