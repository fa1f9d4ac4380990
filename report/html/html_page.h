#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/slowest_exchanges.h"
#include "report/run_diff_report.h"
#include "report/sweep.h"

/// The report as a page for a browser: one file that takes nothing from any network, with the tables of the JSON
/// report, its pictures, and the paths of single messages. Without scripts it shows the table for people as text.
///
/// Its size does not grow with what was measured: distributions are thinned (report/html/thinning.h), and of the
/// messages only those few that are given have their events with them.
namespace sockscope {

/// Slow messages and the median ones of a summary; null if there are none to show.
using MessagePaths = const SlowestExchanges*;

/// `version` is this program's, for the page's foot.
[[nodiscard]] std::string render_html(const Summary& summary, MessagePaths paths, std::string_view version);

/// Of a list of values: curves over them, and each one's page. `paths` are of the reports of the same index.
[[nodiscard]] std::string render_html_sweep(const Sweep& sweep, const std::vector<MessagePaths>& paths,
                                            std::string_view version);

/// Two runs side by side; `a` and `b` are what the report was made of.
[[nodiscard]] std::string render_html_diff(const RunDiffReport& report, const Summary& a, const Summary& b,
                                           std::string_view version);

}  // namespace sockscope
