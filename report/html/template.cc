#include "report/html/template.h"

#include <algorithm>

namespace sockscope {

std::string fill_template(std::string_view text, std::span<const Replacement> replacements) {
  constexpr std::string_view open = "{{";
  constexpr std::string_view close = "}}";
  std::string filled;
  while (true) {
    const std::size_t begin = text.find(open);
    const std::size_t end = begin == std::string_view::npos ? begin : text.find(close, begin);
    if (end == std::string_view::npos) return filled.append(text);
    filled.append(text.substr(0, begin));
    const std::string_view name = text.substr(begin + open.size(), end - begin - open.size());
    const auto found = std::ranges::find(replacements, name, &Replacement::first);
    if (found != replacements.end()) filled.append(found->second);
    text.remove_prefix(end + close.size());
  }
}

std::string html_text(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char character : text) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

std::string script_json(std::string json) {
  for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos;) json.replace(at, 1, "\\u003c");
  return json;
}

}  // namespace sockscope
