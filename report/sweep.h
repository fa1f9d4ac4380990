#pragma once

#include <string>
#include <vector>

#include "analysis/summary.h"
#include "analysis/swept_by.h"
#include "report/table.h"

namespace sockscope {

/// What a compare with this value came to.
struct SweptSummary {
  double value = 0;
  Summary summary;
};

/// The comparisons of a list of values, in its order.
struct Sweep {
  SweptBy by = SweptBy::kSize;
  std::vector<SweptSummary> points;
};

/// One table of all values for people: the figure that the verdict is about, of both variants, with interval and
/// verdict. Empty if nothing has been compared.
[[nodiscard]] std::string render_sweep_table(const Sweep& sweep, const TableOptions& options = {});

}  // namespace sockscope
