#include "harness/page_report.h"

#include <algorithm>

#include "harness/output.h"
#include "harness/slowest.h"
#include "harness/summarise.h"

namespace sockscope {
namespace {

/// As many messages as anybody clicks through, of all reports of a page.
constexpr std::size_t kMostPaths = 100;

bool has_trace(const Summary& summary) {
  return std::ranges::any_of(summary.variants, [](const VariantSummary& side) { return side.traced.has_value(); });
}

}  // namespace

Result<int> report_page(const ReportOptions& options) {
  SlowestSearch search(kMostPaths);
  const auto summary = summarise(options.path, &search.listener());
  if (!summary) return std::unexpected(summary.error());
  const auto found = search.finish(options.path);
  if (!found) return std::unexpected(found.error());
  if (auto written = write_report(*summary, options.output, &*found); !written) return pass_on(written);
  return 0;
}

Result<> write_compared(const Sweep& sweep, const std::vector<std::filesystem::path>& directories,
                        const OutputOptions& options) {
  if (options.format != Format::kHtml) return write_sweep(sweep, options);
  std::vector<SlowestExchanges> found;
  const std::size_t most = std::max<std::size_t>(1, kMostPaths / sweep.points.size());
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    if (!has_trace(sweep.points[i].summary)) {
      found.emplace_back();
      continue;
    }
    auto slowest = find_slowest(directories[i], most);
    if (!slowest) return pass_on(slowest);
    found.push_back(std::move(*slowest));
  }
  std::vector<MessagePaths> paths;
  paths.reserve(found.size());
  for (const SlowestExchanges& one : found) paths.push_back(&one);
  return write_sweep(sweep, options, paths);
}

}  // namespace sockscope
