#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/report_json.h"

/// What is looked for in a page.
namespace sockscope::testing {

inline std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

/// What the page's script reads.
inline Json data_of(const std::string& page) {
  constexpr std::string_view begin = R"(<script type="application/json" id="data">)";
  const std::size_t from = page.find(begin) + begin.size();
  return Json::parse(page.substr(from, page.find("</script>", from) - from));
}

}  // namespace sockscope::testing
