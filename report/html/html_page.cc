#include "report/html/html_page.h"

#include <fmt/format.h>

#include <utility>

#include "report/html/assets.h"
#include "report/html/page_data.h"
#include "report/html/page_frame.h"
#include "report/html/path_data.h"
#include "report/report_json.h"
#include "report/table.h"

namespace sockscope {
namespace {

std::string page_of(PageContent content, std::string_view version) {
  return render_page(
      std::move(content),
      {.library = html_assets::kChartLibrary, .licence = html_assets::kChartLicence, .script = html_assets::kScript},
      version);
}

Json view_with_paths(const Summary& summary, const std::string& base, MessagePaths paths) {
  Json view = view_of(summary, base);
  if (paths != nullptr) view["paths"] = paths_of(*paths);
  return view;
}

}  // namespace

std::string render_html(const Summary& summary, MessagePaths paths, std::string_view version) {
  Json data{{"kind", "report"}, {"json", report_json(summary)}, {"views", Json::array()}};
  data["views"].push_back(view_with_paths(summary, "", paths));
  return page_of({.title = summary.title, .data = std::move(data), .text = render_table(summary)}, version);
}

std::string render_html_sweep(const std::vector<SizedSummary>& sweep, const std::vector<MessagePaths>& paths,
                              std::string_view version) {
  Json data{{"kind", "sweep"}, {"json", sweep_json(sweep)}, {"sizes", Json::array()}, {"views", Json::array()}};
  std::string text = render_sweep_table(sweep);
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    data["sizes"].push_back(sweep[i].size);
    data["views"].push_back(
        view_with_paths(sweep[i].summary, fmt::format("/reports/{}", i), i < paths.size() ? paths[i] : nullptr));
    text += "\n" + render_table(sweep[i].summary);
  }
  return page_of(
      {.title = fmt::format("sockscope compare, {} sizes", sweep.size()), .data = std::move(data), .text = text},
      version);
}

std::string render_html_diff(const RunDiffReport& report, const Summary& a, const Summary& b,
                             std::string_view version) {
  Json data{{"kind", "diff"}, {"json", diff_json(report)}, {"runs", Json::array()}, {"views", Json::array()}};
  for (const Summary* const summary : {&a, &b}) {
    data["runs"].push_back(report_json(*summary));
    data["views"].push_back(view_of(*summary, ""));
  }
  data["diff"] = diff_view_of(report);
  return page_of({.title = fmt::format("sockscope diff: {} and {}", report.a.path, report.b.path),
                  .data = std::move(data),
                  .text = render_diff_table(report)},
                 version);
}

}  // namespace sockscope
