#include "report/html/functions_page.h"

#include <fmt/format.h>

#include <utility>

#include "report/functions_json.h"
#include "report/functions_words.h"
#include "report/html/assets.h"
#include "report/html/flame_data.h"
#include "report/html/page_frame.h"

namespace sockscope {
namespace {

/// A two-hundredth of what counts as a function's hits: narrower than can be seen.
constexpr double kSeen = 0.005;

}  // namespace

std::string render_html_functions(const FunctionsReport& report, std::string_view version) {
  const double least = report.rule.min_rate * kSeen;
  Json data{{"kind", "functions"}, {"json", functions_json(report)}};
  data["flame"] = {{"least", least}, {"tree", flame_tree(report.stacks, least)}};
  data["words"] = {{"answer", answer_words(report)},  {"rule", rule_words(report)},    {"hits", hit_words(report)},
                   {"samples", sample_words(report)}, {"doubts", doubt_words(report)}, {"notes", note_words(report)}};
  return render_page({.title = fmt::format("sockscope functions: {}", report.title),
                      .data = std::move(data),
                      .text = render_functions_table(report)},
                     {.library = html_assets::kFlameLibrary,
                      .licence = html_assets::kFlameLicences,
                      .script = html_assets::kFunctionsScript},
                     version);
}

}  // namespace sockscope
