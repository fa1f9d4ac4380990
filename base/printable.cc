#include "base/printable.h"

#include <fmt/format.h>

#include <iterator>

namespace sockscope {

std::string printable(std::string_view text) {
  std::string result;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte >= 0x20 && byte < 0x7f) {
      result += character;
    } else {
      fmt::format_to(std::back_inserter(result), "\\x{:02x}", byte);
    }
  }
  return result;
}

}  // namespace sockscope
