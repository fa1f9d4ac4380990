#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sockscope::tracepoint {

/// The value of a C expression made of nothing but integer literals, parentheses and the operators
/// ~ ! + - * / % << >> & ^ |, computed in unsigned 64-bit arithmetic: what is left of macros and enums in a print fmt
/// once the preprocessor has been over it. Casts to a type in words, `(gfp_t)`, are passed over: what a kernel casts
/// there fits. Nothing for anything else: a name, a cast to a pointer, a division by zero, a shift of 64 or more,
/// parentheses nested deeper than 64.
[[nodiscard]] std::optional<std::uint64_t> evaluate_constant(std::string_view expression) noexcept;

}  // namespace sockscope::tracepoint
