#pragma once

#include <nlohmann/json.hpp>

/// Parts of what `sockscope compare --format json` prints.
namespace sockscope::testing {

using Json = nlohmann::ordered_json;

inline const Json& untraced(const Json& report, const char* protocol) {
  return report.at("protocols").at(protocol).at("untraced");
}

}  // namespace sockscope::testing
