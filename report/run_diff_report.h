#pragma once

#include <string>

#include "analysis/run_diff.h"
#include "report/table.h"

namespace sockscope {

/// Two runs and what lies between them.
struct RunDiffReport {
  struct Side {
    std::string path;
    std::string title;  ///< Summary::title
  };
  Side a;
  Side b;
  RunDiff diff;
};

/// For people: what differs in the environments first, then every figure as in a comparison.
[[nodiscard]] std::string render_diff_table(const RunDiffReport& report, const TableOptions& options = {});

/// For programs: schema "sockscope.diff/1" (results/README.md).
[[nodiscard]] std::string render_diff_json(const RunDiffReport& report);

}  // namespace sockscope
