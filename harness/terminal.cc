#include "harness/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "report/text.h"

namespace sockscope {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Absent where it is no width at all.
std::optional<int> columns_of(const std::optional<std::string>& text) {
  constexpr int most = 10'000;
  if (!text) return std::nullopt;
  int columns = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, columns);
  return error == std::errc{} && stop == end && columns > 0 && columns <= most ? std::optional(columns) : std::nullopt;
}

std::optional<int> columns_of_stdout() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

}  // namespace

TerminalEnvironment TerminalEnvironment::current() {
  TerminalEnvironment environment{.columns = variable("COLUMNS"), .no_color = variable("NO_COLOR"), .locale = {}};
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    environment.locale = variable(name).value_or("");
    if (!environment.locale.empty()) break;
  }
  return environment;
}

bool wants_colour(const TerminalEnvironment& environment) {
  return isatty(STDOUT_FILENO) != 0 && environment.no_color.value_or("").empty();
}

Screen screen_for(const TerminalEnvironment& environment, bool is_file) {
  Screen screen{.glyphs = is_utf8(environment.locale) ? Glyphs::kUnicode : Glyphs::kAscii};
  if (const auto columns = columns_of(environment.columns)) {
    screen.width = *columns;
  } else if (const auto own = columns_of_stdout(); own && !is_file) {
    screen.width = *own;
  }
  return screen;
}

bool is_utf8(const std::string& locale) {
  if (locale.empty()) return false;
  if (locale_t known = newlocale(LC_CTYPE_MASK, locale.c_str(), nullptr); known != nullptr) {
    const bool is_so = std::string_view(nl_langinfo_l(CODESET, known)) == "UTF-8";
    freelocale(known);
    return is_so;
  }
  const std::string name = upper_case(locale);
  return name.find("UTF-8") != std::string::npos || name.find("UTF8") != std::string::npos;
}

}  // namespace sockscope
