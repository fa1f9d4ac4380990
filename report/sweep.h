#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/summary.h"
#include "report/table.h"

namespace sockscope {

/// What a compare with messages of this size came to.
struct SizedSummary {
  std::uint32_t size = 0;
  Summary summary;
};

/// One table of all sizes for people: the figure that the verdict is about, of both variants, with interval and
/// verdict. Empty if no size has been compared.
[[nodiscard]] std::string render_sweep_table(const std::vector<SizedSummary>& sweep, const TableOptions& options = {});

}  // namespace sockscope
