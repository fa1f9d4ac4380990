#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/grid.h"
#include "report/style.h"
#include "report/table_options.h"
#include "report/text.h"

namespace sockscope {

/// The text of a report as it grows: sections of a heading, grids and paragraphs, a blank line between sections. All
/// text is broken at the width and stripped of what could steer a terminal.
class Page {
 public:
  Page(std::size_t width, Style style) : width_(width), style_(style) {}
  /// As wide as the options say. On a screen grids keep within the width as well.
  explicit Page(const TableOptions& options);

  /// Begins a section; the note is an explanation after the title.
  void heading(std::string_view title, std::string_view note = {});

  void text(std::string_view text, std::string_view indent = {}, std::string_view hanging = {});
  void warning(std::string_view text);
  void failure(std::string_view text, std::string_view indent = {}, std::string_view hanging = {});
  /// Commands to be pasted, one a line.
  void command(std::string_view command, std::string_view indent);
  void items(const std::vector<std::string>& items);
  void grid(const Grid& grid);
  /// Lines as they are: a picture.
  void picture(const std::vector<std::string>& lines);

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] const Style& style() const { return style_; }
  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  [[nodiscard]] Margins margins(std::string_view indent, std::string_view hanging) const;

  std::size_t width_;
  Style style_;
  bool holds_grids_ = false;
  std::string text_;
};

}  // namespace sockscope
