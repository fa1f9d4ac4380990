#pragma once

#include "report/figure_json.h"
#include "report/run_diff_report.h"
#include "report/sweep.h"

/// The documents of json.h and run_diff_report.h before they become text, for reports that carry them along.
namespace sockscope {

[[nodiscard]] Json report_json(const Summary& summary);
[[nodiscard]] Json sweep_json(const Sweep& sweep);
[[nodiscard]] Json diff_json(const RunDiffReport& report);

}  // namespace sockscope
