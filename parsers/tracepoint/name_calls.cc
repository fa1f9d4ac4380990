#include "parsers/tracepoint/name_calls.h"

#include <optional>

#include "parsers/tracepoint/constant_expression.h"
#include "parsers/tracepoint/print_fmt.h"

namespace sockscope::tracepoint {
namespace {

// `"NAME"` without its quotes.
std::optional<std::string_view> unquoted(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::nullopt;
  return text.substr(1, text.size() - 2);
}

// Adds the pair of `{ number, "NAME" }`.
void add_pair(std::string_view argument, NameCall& call) {
  auto pair = inside_brackets(argument, 0);
  if (!pair) return;
  const auto number = take_argument(*pair);
  const auto quoted = take_argument(*pair);
  if (!number || !quoted) return;
  const auto value = evaluate_constant(*number);
  const auto name = unquoted(*quoted);
  if (value && name) call.names.emplace_back(*value, *name);
}

NameCall read_call(bool is_flags, std::string_view arguments) {
  NameCall call{.is_flags = is_flags};
  call.value = take_argument(arguments).value_or("");
  if (is_flags) call.joint = unquoted(take_argument(arguments).value_or("")).value_or("");
  while (const auto argument = take_argument(arguments)) add_pair(*argument, call);
  return call;
}

}  // namespace

std::vector<NameCall> name_calls(std::string_view print_fmt) {
  constexpr std::string_view prefix = "__print_";
  std::vector<NameCall> calls;
  for (std::size_t at = print_fmt.find(prefix); at != std::string_view::npos; at = print_fmt.find(prefix, at)) {
    at += prefix.size();
    const std::string_view function = print_fmt.substr(at);
    // The kernel has variants of both for 64-bit values, whose names go on.
    while (at < print_fmt.size() && is_identifier_char(print_fmt[at])) ++at;
    const bool is_flags = function.starts_with("flags");
    if ((!is_flags && !function.starts_with("symbolic")) || !print_fmt.substr(at).starts_with('(')) continue;
    const auto arguments = inside_brackets(print_fmt, at);
    if (!arguments) break;  // nothing behind it can be told apart either
    calls.push_back(read_call(is_flags, *arguments));
    at += arguments->size();
  }
  return calls;
}

}  // namespace sockscope::tracepoint
