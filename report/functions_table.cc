#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>

#include "base/printable.h"
#include "report/functions_report.h"
#include "report/functions_words.h"
#include "report/grid.h"
#include "report/numbers.h"
#include "report/page.h"

namespace sockscope {
namespace {

constexpr std::size_t kNameWidth = 34;
constexpr std::size_t kNumberWidth = 11;
constexpr std::size_t kVerdictWidth = 18;

Page page_of(const TableOptions& options) {
  return {static_cast<std::size_t>(std::max(options.width, kMinTableWidth)), Style(options.colour)};
}

std::string verdict_of(const ComparedFunction& function, const FunctionsReport& report) {
  if (!function.differs) return "";
  return fmt::format("more in {}", report.sides[function.difference() > 0 ? 0 : 1].variant.label);
}

class Rows {
 public:
  Rows(const FunctionsReport& report, const std::vector<Grid::Column>& more)
      : report_(report), grid_(0, columns(more)) {}

  void add(const ComparedFunction& function, const std::vector<std::string>& more) {
    std::vector<Cell> cells{cell_of(function, 0), cell_of(function, 1)};
    cells.reserve(cells.size() + more.size());
    for (const std::string& text : more) cells.push_back({.text = text});
    grid_.add_row("  " + clip(printable(function.name), kNameWidth), std::move(cells));
  }
  [[nodiscard]] const Grid& grid() const { return grid_; }

 private:
  [[nodiscard]] std::vector<Grid::Column> columns(const std::vector<Grid::Column>& more) const {
    std::vector<Grid::Column> all;
    all.reserve(report_.sides.size() + more.size());
    for (const FunctionsSide& side : report_.sides) all.push_back({side.variant.label, kNumberWidth});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  [[nodiscard]] Cell cell_of(const ComparedFunction& function, std::size_t side) const {
    return {.text = format_rate(function.rates[side]), .doubtful = !report_.is_complete()};
  }

  const FunctionsReport& report_;
  Grid grid_;
};

void add_only(Page& page, const FunctionsReport& report, std::size_t side,
              std::span<const ComparedFunction> functions) {
  const std::string label = upper_case(report.sides[side].variant.label);
  if (functions.empty()) {
    page.heading(fmt::format("ONLY IN {}", label), "none");
    return;
  }
  page.heading(fmt::format("ONLY IN {}", label), fmt::format("hits a {}", report.unit));
  Rows rows(report, {{"A/A floor", kNumberWidth}});
  for (const ComparedFunction& function : functions) rows.add(function, {format_rate(function.floor)});
  page.grid(rows.grid());
}

void add_both(Page& page, const FunctionsReport& report) {
  if (report.compared.both.empty()) {
    page.heading("IN BOTH", "none");
    return;
  }
  page.heading("IN BOTH", fmt::format("hits a {}", report.unit));
  const std::string ratio = fmt::format("{} / {}", report.sides[0].variant.label, report.sides[1].variant.label);
  Rows rows(report, {{ratio, kNumberWidth}, {"A/A floor", kNumberWidth}, {"", kVerdictWidth}});
  for (const ComparedFunction& function : report.compared.both) {
    const auto value = function.ratio();
    rows.add(function, {value ? format_ratio(*value) : "-", format_rate(function.floor), verdict_of(function, report)});
  }
  page.grid(rows.grid());
}

}  // namespace

std::string render_functions_table(const FunctionsReport& report, const TableOptions& options) {
  Page page = page_of(options);
  page.text(fmt::format("sockscope functions: {}", report.title), "", "  ");
  for (const FunctionsSide& side : report.sides) {
    const std::string what = side.variant.description.empty() ? "" : fmt::format(" ({})", side.variant.description);
    page.text(fmt::format("{}{}: {} rounds, {} {}s, {} {}", side.variant.label, what, side.rounds,
                          format_count(side.messages), report.unit, format_count(side.samples), sample_words(report)),
              "  ", "    ");
  }
  page.text(answer_words(report), "", "  ");
  for (const std::string& doubt : doubt_words(report)) page.warning(doubt);
  add_only(page, report, 0, report.compared.only_a);
  add_only(page, report, 1, report.compared.only_b);
  add_both(page, report);
  page.heading("LEFT OUT");
  for (const std::string& note : note_words(report)) page.text(note, "  ", "    ");
  page.heading("HOW IT COUNTS");
  page.text(rule_words(report), "  ", "  ");
  return page.str();
}

}  // namespace sockscope
