#pragma once

#include <set>
#include <string>
#include <string_view>

namespace sockscope::testing {

/// The keys in the first column of the tables of results/README.md between "<!-- keys of X -->" and "<!-- end of the
/// keys of X -->", where X is `of`: several may stand in one cell.
[[nodiscard]] std::set<std::string> documented_keys(std::string_view of);

}  // namespace sockscope::testing
