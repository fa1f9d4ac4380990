#include "report/run_diff_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "report/figures_grid.h"
#include "report/page.h"
#include "report/report_json.h"

namespace sockscope {
namespace {

void add_facts(Page& page, std::string_view title, const std::vector<DifferentFact>& facts) {
  page.heading(title, facts.empty() ? "the same" : "what is not the same");
  const auto or_nothing = [](const std::string& value) { return value.empty() ? "-" : value; };
  for (const DifferentFact& fact : facts) {
    page.text(fmt::format("{}: A {}; B {}", fact.name, or_nothing(fact.a), or_nothing(fact.b)), "  ", "    ");
  }
}

void add_variant(Page& page, const VariantDiff& variant, const PairedRule& rule) {
  const Variant a{.key = "a", .label = "A"};
  const Variant b{.key = "b", .label = "B"};
  page.heading(variant.variant.label,
               "times (us) of the fast runs, counts by mean; 95 % intervals; the runs are no pairs");
  page.grid(figures_grid(variant.figures, rule, a, b, [](const ComparedFigure&) { return false; }));
}

void add_lone(Page& page, std::string_view side, const std::vector<std::string>& labels) {
  if (!labels.empty()) page.warning(fmt::format("only in {}: {}", side, fmt::join(labels, ", ")));
}

Json facts_of(const std::vector<DifferentFact>& facts) {
  Json list = Json::array();
  for (const DifferentFact& fact : facts) {
    Json one{{"name", fact.name}};
    if (!fact.a.empty()) one["a"] = fact.a;
    if (!fact.b.empty()) one["b"] = fact.b;
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

std::string render_diff_table(const RunDiffReport& report, const TableOptions& options) {
  Page page(options);
  page.text(fmt::format("sockscope diff: A is {} ({})", report.a.path, report.a.title), "", "  ");
  page.text(fmt::format("B is {} ({})", report.b.path, report.b.title), "                ", "  ");
  add_lone(page, "A", report.diff.only_in_a);
  add_lone(page, "B", report.diff.only_in_b);
  add_facts(page, "ENVIRONMENT", report.diff.environment);
  add_facts(page, "PLAN", report.diff.plan);
  for (const VariantDiff& variant : report.diff.variants) add_variant(page, variant, report.diff.rule);
  return page.str();
}

Json diff_json(const RunDiffReport& report) {
  Json json{{"schema", "sockscope.diff/1"},
            {"a", {{"path", report.a.path}, {"title", report.a.title}}},
            {"b", {{"path", report.b.path}, {"title", report.b.title}}},
            {"environment", facts_of(report.diff.environment)},
            {"plan", facts_of(report.diff.plan)},
            {"smallest_effect", rounded(report.diff.rule.smallest_effect)},
            {"protocols", Json::object()},
            {"only_in_a", report.diff.only_in_a},
            {"only_in_b", report.diff.only_in_b}};
  for (const VariantDiff& variant : report.diff.variants) {
    Json& figures = json["protocols"][variant.variant.key];
    for (const ComparedFigure& figure : variant.figures) {
      figures[name_of(figure.watched)][figure.name] = compared_figure(figure);
    }
  }
  return json;
}

std::string render_diff_json(const RunDiffReport& report) { return text_of(diff_json(report)); }

}  // namespace sockscope
