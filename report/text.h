#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Text that came from elsewhere (a recording, the environment), made fit for a terminal and broken into lines.
namespace sockscope {

/// Of ASCII letters.
std::string upper_case(std::string text);

/// The columns that a text takes on a screen: its characters, UTF-8 as it is, each of which takes one.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// At most `width` characters; what is cut off ends in "..".
[[nodiscard]] std::string clip(const std::string& text, std::size_t width);

/// How a paragraph lies on the page: the first line after `indent`, the others after `hanging`.
struct Margins {
  std::size_t width = 100;
  std::string indent;
  std::string hanging;
};

/// Breaks a text at blanks (a longer word at the width) into printable lines of at most `margins.width` characters.
/// Line feeds begin a new line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, const Margins& margins);

/// The same for a shell command, to be pasted as it stands: a broken line ends in a backslash, and a word is never
/// broken even if it goes beyond the width.
[[nodiscard]] std::vector<std::string> wrap_command(std::string_view command, const Margins& margins);

/// Joins items with " | " to lines that break between items; only an item longer than a line is broken itself.
[[nodiscard]] std::vector<std::string> wrap_items(std::span<const std::string> items, const Margins& margins);

}  // namespace sockscope
