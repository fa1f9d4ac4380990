#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sockscope::tracepoint {

/// A format text that has been found to be exactly what the kernel writes (kernel/trace/trace_events.c, f_show).
struct FormatText {
  std::uint16_t id = 0;
  std::string_view name;
  std::size_t field_count = 0;
  std::string_view print_fmt;  ///< What follows "print fmt: ", unchecked.
  /// The same format put together again from its checked parts, with an empty print fmt: safe to hand to
  /// libtraceevent, whose parser of print formats crashes on hostile ones (a null pointer, a division by zero).
  std::string sanitized;
};

/// Checks every line of a tracefs format file. kInput that names the line when it is not what a kernel writes.
[[nodiscard]] Result<FormatText> check_format_text(std::string_view text);

/// Whether `name` can name a system or an event: letters, digits and "_.-", at least one, at most 255.
[[nodiscard]] bool is_trace_name(std::string_view name) noexcept;

}  // namespace sockscope::tracepoint
