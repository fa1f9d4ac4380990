#include "parsers/trace_dat/options.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::trace_dat {
namespace {

using perf_data::as_text;
using perf_data::ByteCursor;
using perf_data::until_nul;

/// As trace-cmd reads it, with strtoll(3) and base 0: a sign, and 0x or digits. Nothing: it is something else.
std::optional<std::int64_t> number_of(std::string_view text) {
  const std::string digits(text);
  char* end = nullptr;
  errno = 0;
  const std::int64_t number = std::strtoll(digits.c_str(), &end, 0);
  return digits.empty() || *end != '\0' || errno != 0 ? std::nullopt : std::optional(number);
}

}  // namespace

std::string chosen_clock(std::string_view text) {
  text = until_nul(text);
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']', std::min(open, text.size()));
  std::string_view clock = text;
  if (open != std::string_view::npos && close != std::string_view::npos)
    clock = text.substr(open + 1, close - open - 1);
  while (clock.ends_with('\n') || clock.ends_with(' ')) clock.remove_suffix(1);
  return std::string(clock);
}

bool read_fact(std::uint16_t id, Bytes data, TraceDat& out) {
  const std::string_view text = until_nul(as_text(data));
  ByteCursor cursor(data);
  std::optional<std::int64_t> offset;
  switch (id) {
    case option::kTraceClock:
      out.clock = chosen_clock(text);
      break;
    case option::kUname:
      out.uname = text;
      break;
    case option::kVersion:
      out.recorder = text;
      break;
    case option::kOffset:
      offset = number_of(text);
      if (!offset) return false;
      out.time.offset_ns += static_cast<std::uint64_t>(*offset);
      break;
    case option::kTscToNs:
      // An offset follows, which trace-cmd does not apply to events either (timestamp_calc() in trace-input.c).
      return cursor.read(out.time.mult) && cursor.read(out.time.shift);
    default:
      break;
  }
  return true;
}

}  // namespace sockscope::trace_dat
