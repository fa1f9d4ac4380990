#pragma once

#include <string>
#include <string_view>

#include "report/figure_json.h"

namespace sockscope {

/// What is in a page: the data of its script, and the same as text.
struct PageContent {
  std::string title;
  Json data;
  std::string text;
};

/// What draws it.
struct PageScripts {
  std::string_view library;
  std::string_view licence;  ///< The library's.
  std::string_view script;   ///< Ours.
};

/// The whole page. `version` is this program's.
[[nodiscard]] std::string render_page(PageContent content, const PageScripts& scripts, std::string_view version);

}  // namespace sockscope
