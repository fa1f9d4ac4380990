#include "report/figure_json.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace sockscope {
namespace {

std::string_view word_of(Verdict verdict, bool of_time) {
  switch (verdict) {
    case Verdict::kALower:
      return of_time ? "a-faster" : "a-fewer";
    case Verdict::kBLower:
      return of_time ? "b-faster" : "b-fewer";
    case Verdict::kNoDifference:
      return "no-difference";
    case Verdict::kCannotTell:
      break;
  }
  return "cannot-tell";
}

}  // namespace

double rounded(double value) { return std::round(value * 1e6) / 1e6; }

Json compared_figure(const ComparedFigure& figure) {
  const char* const unit = is_time(figure.name) ? "_ns" : "";
  const PairedComparison& result = figure.result;
  const auto key = [unit](const char* name) { return fmt::format("{}{}", name, unit); };
  Json json{{"pairs", figure.pairs},
            {key("a"), rounded(result.a)},
            {key("b"), rounded(result.b)},
            {key("difference"), rounded(result.difference.value)}};
  if (const auto& interval = result.difference.ci95) {
    json[key("ci95")] = {rounded(interval->low), rounded(interval->high)};
  }
  if (result.ratio.value != 0) json["ratio"] = rounded(result.ratio.value);
  if (const auto& interval = result.ratio.ci95) json["ratio_ci95"] = {rounded(interval->low), rounded(interval->high)};
  json["verdict"] = word_of(result.verdict, is_time(figure.name));
  if (result.more_pairs) json["more_pairs"] = *result.more_pairs;
  return json;
}

std::string text_of(const Json& json) {
  constexpr int indent = 2;
  return json.dump(indent, ' ', true, Json::error_handler_t::replace) + '\n';
}

}  // namespace sockscope
