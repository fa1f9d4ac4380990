#include "report/text.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "base/printable.h"

namespace sockscope {
namespace {

/// Cuts one line off a text that is longer than `room` characters, and the blank that ended it. Returns the line.
using Cut = std::string (*)(std::string& rest, std::size_t room);

std::string cut_at(std::string& rest, std::size_t at) {
  std::string line = rest.substr(0, at);
  rest.erase(0, rest[at] == ' ' ? at + 1 : at);
  return line;
}

std::string cut_prose(std::string& rest, std::size_t room) {
  const std::size_t blank = rest.rfind(' ', room);
  return cut_at(rest, blank == std::string::npos || blank == 0 ? room : blank);
}

std::string cut_command(std::string& rest, std::size_t room) {
  constexpr std::string_view continued = " \\";
  std::size_t blank = room > continued.size() ? rest.rfind(' ', room - continued.size()) : 0;
  if (blank == std::string::npos || blank == 0) blank = rest.find(' ', 1);
  if (blank == std::string::npos) return std::exchange(rest, {});
  return cut_at(rest, blank).append(continued);
}

void wrap_line(std::string rest, Cut cut, const Margins& margins, std::vector<std::string>& lines) {
  do {
    const std::string& margin = lines.empty() ? margins.indent : margins.hanging;
    const std::size_t room = std::max(margins.width, margin.size() + 1) - margin.size();
    lines.push_back(margin + (rest.size() <= room ? std::exchange(rest, {}) : cut(rest, room)));
  } while (!rest.empty());
}

std::vector<std::string> wrap_with(std::string_view text, Cut cut, const Margins& margins) {
  std::vector<std::string> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    wrap_line(printable(text.substr(0, end)), cut, margins, lines);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return text;
}

std::size_t width_of(std::string_view text) {
  constexpr unsigned char kind = 0xc0;
  constexpr unsigned char continuation = 0x80;
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & kind) != continuation; }));
}

std::string clip(const std::string& text, std::size_t width) {
  if (text.size() <= width || width < 2) return text.substr(0, width);
  return text.substr(0, width - 2) + "..";
}

std::vector<std::string> wrap(std::string_view text, const Margins& margins) {
  return wrap_with(text, cut_prose, margins);
}

std::vector<std::string> wrap_command(std::string_view command, const Margins& margins) {
  return wrap_with(command, cut_command, margins);
}

std::vector<std::string> wrap_items(std::span<const std::string> items, const Margins& margins) {
  constexpr std::string_view separator = " | ";
  std::vector<std::string> lines;
  for (const std::string& item : items) {
    const std::string shown = printable(item);
    if (!lines.empty() && lines.back().size() + separator.size() + shown.size() <= margins.width) {
      lines.back().append(separator).append(shown);
      continue;
    }
    std::ranges::move(wrap(shown, margins), std::back_inserter(lines));
  }
  return lines;
}

}  // namespace sockscope
