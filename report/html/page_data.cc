#include "report/html/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "report/doubts.h"
#include "report/figures_grid.h"
#include "report/html/thinning.h"
#include "report/latency_groups.h"
#include "report/verdict_text.h"
#include "report/warnings.h"

namespace sockscope {
namespace {

constexpr std::array kStageQuantiles{0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0};

/// "~" and "/" as a JSON pointer has them (RFC 6901).
std::string pointer_part(const std::string& key) {
  std::string part;
  for (const char character : key) {
    if (character == '~') {
      part += "~0";
    } else if (character == '/') {
      part += "~1";
    } else {
      part += character;
    }
  }
  return part;
}

std::string pointer_of(const std::string& base, const Variant& variant) {
  return base + "/protocols/" + pointer_part(variant.key);
}

Json series_of(const LatencySeries& series, const std::string& base) {
  Json tail = Json::array();
  for (const TailPoint& point : tail_of(*series.times)) tail.push_back({point.ns, point.at_least});
  Json bars = Json::array();
  for (const Bar& bar : bars_of(*series.times)) bars.push_back({bar.from_ns, bar.to_ns, bar.count});
  std::string json = pointer_of(base, *series.variant);
  for (const std::string& part : series.json_path) json += "/" + pointer_part(part);
  return {{"variant", series.variant->key}, {"watched", series.is_traced ? "traced" : "untraced"},
          {"json", std::move(json)},        {"count", series.times->count()},
          {"tail", std::move(tail)},        {"bars", std::move(bars)}};
}

Json latency_of(const Summary& summary, const std::string& base) {
  Json groups = Json::array();
  for (const LatencyGroup& group : latency_groups(summary)) {
    Json list = Json::array();
    for (const LatencySeries& series : group.series) list.push_back(series_of(series, base));
    groups.push_back({{"what", group.what}, {"series", std::move(list)}});
  }
  return groups;
}

Json quantiles_of(const Histogram& histogram) {
  Json list = Json::array();
  for (const double share : kStageQuantiles) list.push_back({share, histogram.quantile(share)});
  return list;
}

Json stages_of(const Summary& summary, const std::string& base) {
  Json list = Json::array();
  for (const VariantSummary& side : summary.variants) {
    if (!side.traced) continue;
    const auto& stages = side.traced->stages;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      Json one{{"variant", side.variant.key},
               {"json", fmt::format("{}/stages/{}", pointer_of(base, side.variant), i)},
               {"direction", name_of(stages[i].direction)},
               {"name", name_of(stages[i].stage)}};
      if (!stages[i].durations.empty()) one["quantiles"] = quantiles_of(stages[i].durations);
      list.push_back(std::move(one));
    }
  }
  return list;
}

Json rounds_of(const Summary& summary) {
  Json list = Json::array();
  for (const VariantSummary& side : summary.variants) {
    for (const RunFigures& run : side.runs) {
      Json values = Json::object();
      for (const auto& [name, value] : run.values) {
        if (is_time(name) && !name.starts_with("stage.")) values[name] = rounded(value);
      }
      if (values.empty()) continue;
      list.push_back({{"variant", side.variant.key},
                      {"round", run.round},
                      {"watched", name_of(run.watched)},
                      {"values", std::move(values)}});
    }
  }
  return list;
}

/// The two that are compared, and where their figures are: `base` is followed by how they were watched and their name.
struct ComparedPair {
  const Variant& a;
  const Variant& b;
  const PairedRule& rule;
  std::string base;
};

Json compared_of(std::span<const ComparedFigure> figures, const ComparedPair& pair) {
  Json list = Json::array();
  for (const ComparedFigure& figure : figures) {
    if (!is_shown(figure)) continue;
    list.push_back({{"json", fmt::format("{}/{}/{}", pair.base, name_of(figure.watched), pointer_part(figure.name))},
                    {"label", label_of(figure)},
                    {"is_time", is_time(figure.name)},
                    {"watched", name_of(figure.watched)},
                    {"a", format_figure(figure, figure.result.a)},
                    {"b", format_figure(figure, figure.result.b)},
                    {"difference", difference_text(figure)},
                    {"ratio", ratio_text(figure)},
                    {"verdict", verdict_text(pair.rule, figure, pair.a, pair.b)}});
  }
  return list;
}

void add_comparison(Json& view, const Summary& summary, const std::string& base) {
  if (!summary.comparison || summary.variants.size() != 2) return;
  const ComparedPair pair{.a = summary.variants[0].variant,
                          .b = summary.variants[1].variant,
                          .rule = summary.comparison->rule,
                          .base = base + "/comparison"};
  view["headline"] = headline_text(*summary.comparison, pair.a, pair.b);
  view["compared"] = compared_of(summary.comparison->figures, pair);
}

Json variant_json(const Variant& variant) {
  return {{"key", variant.key}, {"label", variant.label}, {"description", variant.description}};
}

/// Groups of figures that are marked, for each variant: the keys under it that the script marks.
Json doubtful_of(const Summary& summary) {
  constexpr std::array<std::pair<const char*, Figures>, 5> groups{{{"any", Figures::kAllTraced},
                                                                   {"round_trip_times", Figures::kRoundTripTimes},
                                                                   {"counts", Figures::kCounts},
                                                                   {"stages", Figures::kStages},
                                                                   {"threads", Figures::kThreads}}};
  const Doubts doubts(summary);
  Json doubtful = Json::object();
  for (const VariantSummary& side : summary.variants) {
    if (!side.traced) continue;
    Json list = Json::array();
    for (const auto& [name, figures] : groups) {
      if (doubts.about(side.variant, figures)) list.push_back(name);
    }
    if (!list.empty()) doubtful[side.variant.key] = std::move(list);
  }
  return doubtful;
}

}  // namespace

Json view_of(const Summary& summary, const std::string& base) {
  Json view{{"base", base}, {"mode", describe_mode(summary)}};
  view["warnings"] = warnings_of(summary);
  view["doubtful"] = doubtful_of(summary);
  view["variants"] = Json::array();
  for (const VariantSummary& side : summary.variants) view["variants"].push_back(variant_json(side.variant));
  add_comparison(view, summary, base);
  view["latency"] = latency_of(summary, base);
  view["stages"] = stages_of(summary, base);
  view["rounds"] = rounds_of(summary);
  return view;
}

Json diff_view_of(const RunDiffReport& report) {
  const Variant a{.key = "a", .label = "A"};
  const Variant b{.key = "b", .label = "B"};
  Json list = Json::array();
  for (const VariantDiff& variant : report.diff.variants) {
    list.push_back(
        {{"key", variant.variant.key},
         {"label", variant.variant.label},
         {"compared",
          compared_of(
              variant.figures,
              {.a = a, .b = b, .rule = report.diff.rule, .base = "/protocols/" + pointer_part(variant.variant.key)})}});
  }
  return list;
}

}  // namespace sockscope
