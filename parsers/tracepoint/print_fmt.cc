#include "parsers/tracepoint/print_fmt.h"

namespace sockscope::tracepoint {
namespace {

constexpr std::string_view kOpening = "({[";
constexpr std::string_view kClosing = ")}]";

// The place after the string that begins at `text[at]`; the end of the text when it does not end.
std::size_t skip_string(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at < text.size() ? at + 1 : text.size();
}

// The place of the first `wanted` outside of all brackets and strings, or of the bracket that closes more than was
// opened, or the end.
std::size_t find_outside(std::string_view text, std::size_t at, char wanted) noexcept {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (depth == 0 && (c == wanted || kClosing.contains(c))) return at;
    if (kOpening.contains(c)) ++depth;
    if (kClosing.contains(c)) --depth;
    ++at;
  }
  return depth == 0 ? text.size() : std::string_view::npos;
}

constexpr std::string_view kSpace = " \t\n";

bool is_blank(std::string_view text) noexcept { return text.find_first_not_of(kSpace) == std::string_view::npos; }

std::string_view trimmed(std::string_view text) noexcept {
  if (is_blank(text)) return {};
  const std::size_t first = text.find_first_not_of(kSpace);
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

std::optional<std::string_view> take_argument(std::string_view& arguments) noexcept {
  if (is_blank(arguments)) return std::nullopt;
  const std::size_t end = find_outside(arguments, 0, ',');
  if (end > arguments.size() || (end < arguments.size() && arguments[end] != ',')) return std::nullopt;
  const std::string_view argument = trimmed(arguments.substr(0, end));
  arguments.remove_prefix(end < arguments.size() ? end + 1 : end);
  return argument;
}

std::optional<std::string_view> inside_brackets(std::string_view text, std::size_t open) noexcept {
  const std::size_t kind = open < text.size() ? kOpening.find(text[open]) : std::string_view::npos;
  if (kind == std::string_view::npos) return std::nullopt;
  const std::size_t close = find_outside(text, open + 1, kClosing[kind]);
  if (close >= text.size() || text[close] != kClosing[kind]) return std::nullopt;
  return text.substr(open + 1, close - open - 1);
}

bool mentions_field(std::string_view expression, std::string_view field) noexcept {
  constexpr std::string_view record = "REC->";
  for (std::size_t at = expression.find(record); at != std::string_view::npos; at = expression.find(record, at + 1)) {
    const std::string_view name = expression.substr(at + record.size());
    if (name.starts_with(field) && (name.size() == field.size() || !is_identifier_char(name[field.size()])))
      return true;
  }
  return false;
}

}  // namespace sockscope::tracepoint
