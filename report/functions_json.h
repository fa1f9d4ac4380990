#pragma once

#include "report/figure_json.h"
#include "report/functions_report.h"

namespace sockscope {

/// The document of render_functions_json() before it becomes text, for the page that carries it along.
[[nodiscard]] Json functions_json(const FunctionsReport& report);

}  // namespace sockscope
