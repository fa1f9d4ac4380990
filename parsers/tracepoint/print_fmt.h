#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

// A print fmt is C: the arguments of a printf. These few functions take it apart without understanding it.
namespace sockscope::tracepoint {

/// Takes the first argument, up to a comma outside of all (), {}, [] and strings or up to the end, off the front of
/// `arguments`, without the white space around it. Nothing when nothing is left or brackets do not match.
[[nodiscard]] std::optional<std::string_view> take_argument(std::string_view& arguments) noexcept;

/// What stands between the bracket at `text[open]` and the one that closes it. Nothing when none does.
[[nodiscard]] std::optional<std::string_view> inside_brackets(std::string_view text, std::size_t open) noexcept;

/// Whether `expression` reads `REC->field`.
[[nodiscard]] bool mentions_field(std::string_view expression, std::string_view field) noexcept;

/// Whether this is a character of a C identifier.
[[nodiscard]] constexpr bool is_identifier_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace sockscope::tracepoint
