#pragma once

#include <string>

#include "report/figure_json.h"
#include "report/run_diff_report.h"

/// What the page's script draws, beside the JSON document itself: everything that this has is read from there, by
/// pointer, so that page and document cannot differ. Keys are for report/html/*.js alone and no interface.
namespace sockscope {

/// Of one summary, whose document lies at `base` ("" or "/reports/2"):
///
///   base, mode       where the document is; how the figures were taken, in words
///   headline, warnings      sentences
///   doubtful                {variant: [groups of figures that a law or lost events speak against]}
///   variants         [{key, label, description}]
///   compared         [{json, label, a, b, difference, ratio, verdict}]: the texts of the table's rows
///   latency          [{what, series: [{variant, watched, json, tail: [[ns, at least]], bars: [[from, to, count]]}]}]
///   stages           [{variant, json, direction, name, quantiles: [[share, ns]]}]
///   rounds           [{variant, round, watched, values: {rtt_p50_ns, ...}}]
[[nodiscard]] Json view_of(const Summary& summary, const std::string& base);

/// Of what lies between two runs: the variants that both have, [{key, label, compared}].
[[nodiscard]] Json diff_view_of(const RunDiffReport& report);

}  // namespace sockscope
