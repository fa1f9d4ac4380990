#pragma once

#include <cstdint>
#include <string>

/// Numbers as the table prints them: thousands separated, as many digits as they deserve, never longer than 13
/// characters.
namespace sockscope {

/// "1,234,567"; from a billion on "1.234e+09".
[[nodiscard]] std::string format_count(std::uint64_t count);
/// format_count for a count that passed through floating point.
[[nodiscard]] std::string format_count_of(double count);

/// Nanoseconds as microseconds: "12.37", "123.4", "1,234"; from a second on with its own unit ("1.23 s"), and ">1 day".
[[nodiscard]] std::string format_us(double nanoseconds);

/// With two, with three digits after the point: "1.30", "2.002".
[[nodiscard]] std::string format_ratio(double value);
[[nodiscard]] std::string format_per_round_trip(double value);

/// A part of a whole: "41.2 %", "0.3 %"; "<0.1 %" and ">99.9 %" where rounding would hide that it is not nothing or not
/// all; "-" of an empty whole.
[[nodiscard]] std::string format_percent(std::uint64_t part, std::uint64_t whole, int decimals = 1);

/// Puts a plus before a number that is above zero: for differences.
[[nodiscard]] std::string with_sign(std::string number);

}  // namespace sockscope
