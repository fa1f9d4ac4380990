#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"

namespace sockscope::ring_buffer {

/// Where a page of the kernel's trace ring buffer keeps what, as TRACEFS/events/header_page says.
struct PageLayout {
  std::size_t timestamp_at = 0;  ///< A u64.
  std::size_t commit_at = 0;     ///< A long: bytes in use, and two flags.
  std::size_t commit_size = 0;   ///< 4 or 8.
  std::size_t data_at = 0;
  std::size_t data_size = 0;  ///< Of a whole page.

  [[nodiscard]] std::size_t page_size() const { return data_at + data_size; }

  /// kInput if a field is missing or they do not make sense together.
  static Result<PageLayout> parse(std::string_view header_page);
};

}  // namespace sockscope::ring_buffer
