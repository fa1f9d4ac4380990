#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace sockscope {

/// The few colours of the table, or none of them.
class Style {
 public:
  explicit Style(bool colour) : colour_(colour) {}

  [[nodiscard]] std::string heading(std::string_view text) const { return paint("1", text); }   // bold
  [[nodiscard]] std::string warning(std::string_view text) const { return paint("33", text); }  // yellow
  [[nodiscard]] std::string failure(std::string_view text) const { return paint("31", text); }  // red
  [[nodiscard]] std::string gain(std::string_view text) const { return paint("32", text); }     // green
  /// What belongs to the first variant, and to the others.
  [[nodiscard]] std::string variant(std::size_t index, std::string_view text) const {
    return paint(index == 0 ? "36" : "35", text);  // cyan, magenta
  }

 private:
  [[nodiscard]] std::string paint(std::string_view code, std::string_view text) const {
    return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }

  bool colour_;
};

}  // namespace sockscope
