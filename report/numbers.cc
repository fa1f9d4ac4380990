#include "report/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace sockscope {
namespace {

/// Thousands separators for the integer part of a plain decimal number without a sign.
std::string group_thousands(std::string number) {
  const std::size_t point = std::min(number.find('.'), number.size());
  for (std::size_t at = point; at > 3; at -= 3) number.insert(at - 3, 1, ',');
  return number;
}

/// The sign of a number, unless its digits came out as zero.
std::string signed_as(double value, std::string digits) {
  const bool visible = digits.find_first_of("123456789") != std::string::npos;
  return value < 0 && visible ? "-" + std::move(digits) : std::move(digits);
}

std::string format_fixed(double value, int decimals) {
  const double magnitude = std::abs(value);
  if (magnitude >= 1e5) return signed_as(value, fmt::format("{:.3e}", magnitude));
  return signed_as(value, group_thousands(fmt::format("{:.{}f}", magnitude, decimals)));
}

std::string format_seconds(double seconds) {
  constexpr double day = 86'400;
  if (seconds >= day) return ">1 day";
  const int decimals = seconds < 100 ? 2 : 0;
  return group_thousands(fmt::format("{:.{}f}", seconds, decimals)) + " s";
}

}  // namespace

std::string format_count(std::uint64_t count) { return format_count_of(static_cast<double>(count)); }

std::string format_count_of(double count) {
  const double magnitude = std::abs(count);
  if (magnitude >= 1e9) return signed_as(count, fmt::format("{:.3e}", magnitude));
  return signed_as(count, group_thousands(fmt::format("{:.0f}", magnitude)));
}

std::string format_us(double nanoseconds) {
  const double us = std::abs(nanoseconds) / 1000;
  // The limits lie half a last digit below the round number, so that no rounding up adds a digit.
  if (us >= 999'999.5) return signed_as(nanoseconds, format_seconds(us / 1e6));
  const int decimals = us < 99.995 ? 2 : us < 999.95 ? 1 : 0;
  return signed_as(nanoseconds, group_thousands(fmt::format("{:.{}f}", us, decimals)));
}

std::string format_ratio(double value) { return format_fixed(value, 2); }

std::string format_per_round_trip(double value) { return format_fixed(value, 3); }

std::string format_percent(std::uint64_t part, std::uint64_t whole, int decimals) {
  if (whole == 0) return "-";
  if (part == 0) return "0 %";
  if (part == whole) return "100 %";
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(whole);
  const double last_digit = std::pow(10, -decimals);
  if (percent < last_digit / 2) return fmt::format("<{:.{}f} %", last_digit, decimals);
  if (percent >= 100 - last_digit / 2) return fmt::format(">{:.{}f} %", 100 - last_digit, decimals);
  return fmt::format("{:.{}f} %", percent, decimals);
}

std::string with_sign(std::string number) {
  const bool positive = !number.starts_with('-') && number.find_first_of("123456789") != std::string::npos;
  return positive ? "+" + std::move(number) : std::move(number);
}

}  // namespace sockscope
