#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sockscope {

/// What stands for what in a template.
using Replacement = std::pair<std::string_view, std::string_view>;

/// The template with each {{name}} replaced, in one go: what is put in is not looked at again, so that nothing in it
/// can stand for something else. A name without a replacement vanishes.
[[nodiscard]] std::string fill_template(std::string_view text, std::span<const Replacement> replacements);

/// Text between tags or in a quoted attribute of HTML.
[[nodiscard]] std::string html_text(std::string_view text);

/// JSON for a script element: without "<", so that nothing in it ends the element or begins a comment.
[[nodiscard]] std::string script_json(std::string json);

}  // namespace sockscope
