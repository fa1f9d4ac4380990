#include "analysis/run_diff.h"

#include <algorithm>
#include <array>

#include "analysis/unpaired_comparison.h"

namespace sockscope {
namespace {

std::string value_in(const Facts& facts, std::string_view name) {
  const auto found = std::ranges::find(facts, name, &Facts::value_type::first);
  return found == facts.end() ? "" : found->second;
}

std::vector<DifferentFact> different_facts(const Facts& a, const Facts& b) {
  std::vector<DifferentFact> different;
  for (const auto& [name, value] : a) {
    if (const std::string other = value_in(b, name); other != value) different.push_back({name, value, other});
  }
  for (const auto& [name, value] : b) {
    if (std::ranges::find(a, name, &Facts::value_type::first) == a.end()) different.push_back({name, "", value});
  }
  return different;
}

std::vector<double> values_of(const VariantSummary& variant, Watched watched, std::string_view name) {
  std::vector<double> values;
  for (const RunFigures& run : variant.runs) {
    const auto value = run.value(name);
    if (run.watched == watched && value) values.push_back(*value);
  }
  return values;
}

VariantDiff diff_variants(const VariantSummary& a, const VariantSummary& b, const PairedRule& rule) {
  PairedRule of_means = rule;
  of_means.centre = Centre::kMean;
  VariantDiff diff{.variant = a.variant, .figures = {}};
  for (const Watched watched : kComparedWatched) {
    for (const std::string& name : names_of_figures(a, watched)) {
      const auto of_a = values_of(a, watched, name);
      const auto of_b = values_of(b, watched, name);
      if (of_a.empty() || of_b.empty()) continue;
      diff.figures.push_back({name, watched, std::min(of_a.size(), of_b.size()),
                              compare_unpaired(of_a, of_b, is_time(name) ? rule : of_means)});
    }
  }
  return diff;
}

const VariantSummary* find(const Summary& summary, std::string_view key) {
  const auto found = std::ranges::find_if(summary.variants,
                                          [key](const VariantSummary& variant) { return variant.variant.key == key; });
  return found == summary.variants.end() ? nullptr : &*found;
}

}  // namespace

RunDiff diff_runs(const Summary& a, const Summary& b, const PairedRule& rule) {
  RunDiff diff{.rule = rule,
               .environment = different_facts(a.environment, b.environment),
               .plan = different_facts(a.plan, b.plan)};
  for (const VariantSummary& variant : a.variants) {
    if (const VariantSummary* const other = find(b, variant.variant.key)) {
      diff.variants.push_back(diff_variants(variant, *other, rule));
    } else {
      diff.only_in_a.push_back(variant.variant.label);
    }
  }
  for (const VariantSummary& variant : b.variants) {
    if (find(a, variant.variant.key) == nullptr) diff.only_in_b.push_back(variant.variant.label);
  }
  return diff;
}

}  // namespace sockscope
