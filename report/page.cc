#include "report/page.h"

#include <algorithm>

namespace sockscope {
namespace {

std::size_t width_of(const TableOptions& options) {
  return static_cast<std::size_t>(options.screen ? std::max(options.screen->width, kMinScreenWidth)
                                                 : std::max(options.width, kMinTableWidth));
}

}  // namespace

Page::Page(const TableOptions& options)
    : width_(width_of(options)), style_(options.colour), holds_grids_(options.screen.has_value()) {}

Margins Page::margins(std::string_view indent, std::string_view hanging) const {
  return {width_, std::string(indent), std::string(hanging)};
}

void Page::heading(std::string_view title, std::string_view note) {
  if (!text_.empty()) text_ += '\n';
  const std::string separator = note.empty() ? "" : ": ";
  auto lines = wrap(std::string(title) + separator + std::string(note), margins("", "  "));
  // Only the title is emphasised; titles are short, so it lies within the first line.
  lines.front() = style_.heading(title) + lines.front().substr(title.size());
  for (const std::string& line : lines) text_ += line + '\n';
}

void Page::text(std::string_view text, std::string_view indent, std::string_view hanging) {
  for (const std::string& line : wrap(text, margins(indent, hanging))) text_ += line + '\n';
}

void Page::warning(std::string_view text) {
  for (const std::string& line : wrap(text, margins("! ", "  "))) text_ += style_.warning(line) + '\n';
}

void Page::failure(std::string_view text, std::string_view indent, std::string_view hanging) {
  for (const std::string& line : wrap(text, margins(indent, hanging))) text_ += style_.failure(line) + '\n';
}

void Page::command(std::string_view command, std::string_view indent) {
  const std::string hanging = std::string(indent) + "  ";
  for (std::size_t begin = 0; begin <= command.size();) {
    const std::size_t end = std::min(command.find('\n', begin), command.size());
    const std::string_view one = command.substr(begin, end - begin);
    for (const std::string& line : wrap_command(one, margins(indent, hanging))) text_ += line + '\n';
    begin = end + 1;
  }
}

void Page::items(const std::vector<std::string>& items) {
  for (const std::string& line : wrap_items(items, margins("  ", "    "))) text_ += line + '\n';
}

void Page::grid(const Grid& grid) { text_ += holds_grids_ ? grid.render_within(width_, style_) : grid.render(style_); }

void Page::picture(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) text_ += line + '\n';
}

}  // namespace sockscope
