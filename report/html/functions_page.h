#pragma once

#include <string>
#include <string_view>

#include "report/functions_report.h"

namespace sockscope {

/// The functions of two variants as a page for a browser, as render_html() makes them: the three lists, and all call
/// chains as a differential flame graph. `version` is this program's.
[[nodiscard]] std::string render_html_functions(const FunctionsReport& report, std::string_view version);

}  // namespace sockscope
