#include "parsers/tracepoint/symbols.h"

#include <optional>

#include "parsers/tracepoint/constant_expression.h"
#include "parsers/tracepoint/print_fmt.h"

namespace sockscope::tracepoint {
namespace {

using Entries = std::map<std::uint64_t, std::string>;

// `"NAME"` without its quotes.
std::optional<std::string_view> unquoted(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::nullopt;
  return text.substr(1, text.size() - 2);
}

// Adds the pair of `{ number, "NAME" }`. A number that only the kernel's headers know is left out.
void add_pair(std::string_view argument, Entries& entries) {
  auto pair = inside_brackets(argument, 0);
  if (!pair) return;
  const auto number = take_argument(*pair);
  const auto quoted = take_argument(*pair);
  if (!number || !quoted) return;
  const auto value = evaluate_constant(*number);
  const auto name = unquoted(*quoted);
  if (value && name) entries.try_emplace(*value, *name);
}

// The pairs among a __print_symbolic's or __print_flags's arguments, if their first reads the field.
Entries entries_of_call(std::string_view arguments, std::string_view field) {
  Entries entries;
  const auto value = take_argument(arguments);
  if (!value || !mentions_field(*value, field)) return entries;
  while (const auto argument = take_argument(arguments)) add_pair(*argument, entries);
  return entries;
}

// The place behind the next `prefix` from `at` on that is followed by a call's bracket: the kernel has variants of
// both functions for 64-bit values, whose names go on.
std::size_t find_call(std::string_view text, std::string_view prefix, std::size_t at) {
  at = text.find(prefix, at);
  if (at == std::string_view::npos) return at;
  at += prefix.size();
  while (at < text.size() && is_identifier_char(text[at])) ++at;
  return at;
}

}  // namespace

Symbols Symbols::of(const Format& format, std::string_view field) {
  const std::string_view text = format.print_fmt;
  Symbols symbols;
  for (const std::string_view function : {"__print_symbolic", "__print_flags"}) {
    for (std::size_t at = find_call(text, function, 0); at < text.size(); at = find_call(text, function, at)) {
      if (text[at] != '(') continue;
      // Nothing is looked at twice: what follows a bracket that does not close is no C, and in a call stands no other.
      const auto arguments = inside_brackets(text, at);
      if (!arguments) break;
      symbols.entries_ = entries_of_call(*arguments, field);
      if (!symbols.empty()) return symbols;
      at += arguments->size();
    }
  }
  return symbols;
}

std::string_view Symbols::name_of(std::uint64_t value) const noexcept {
  const auto at = entries_.find(value);
  return at == entries_.end() ? std::string_view() : at->second;
}

}  // namespace sockscope::tracepoint
