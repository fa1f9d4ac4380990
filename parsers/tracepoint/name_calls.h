#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sockscope::tracepoint {

/// One __print_symbolic or __print_flags of a print fmt: how a kernel names the values of an expression.
struct NameCall {
  bool is_flags = false;   ///< The names are of bits, and all that are set are printed.
  std::string_view value;  ///< The expression, `REC->prev_state & 0xff`.
  std::string_view joint;  ///< Flags: what stands between two of them.
  /// In the order of the call, which decides between flags of several bits. A number that only the kernel's headers
  /// know is left out.
  std::vector<std::pair<std::uint64_t, std::string_view>> names;
};

/// All of them, in the order of the text, into which they point.
[[nodiscard]] std::vector<NameCall> name_calls(std::string_view print_fmt);

}  // namespace sockscope::tracepoint
