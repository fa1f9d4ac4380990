#include "report/plot/log_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

namespace sockscope {
namespace {

/// An axis has at least this ratio from end to end.
constexpr double kLeastRatio = 1.25;
/// 10^0 to 10^18 ns.
constexpr int kDecades = 19;
constexpr std::size_t kGap = 2;

std::vector<unsigned> every(unsigned step) {
  std::vector<unsigned> mantissas;
  for (unsigned mantissa = 10; mantissa < 100; mantissa += step) mantissas.push_back(mantissa);
  return mantissas;
}

}  // namespace

std::string round_time(double ns) {
  constexpr std::array<std::pair<double, std::string_view>, 3> units{{{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}}};
  for (const auto& [unit, name] : units) {
    if (ns >= unit) return fmt::format("{:g} {}", ns / unit, name);
  }
  return fmt::format("{:g} ns", ns);
}

LogAxis::LogAxis(std::uint64_t least, std::uint64_t most, std::size_t columns)
    : low_(std::log(std::max(1.0, static_cast<double>(least)))),
      high_(std::log(std::max(1.0, static_cast<double>(most)))),
      columns_(columns) {
  const double lacking = std::log(kLeastRatio) - (high_ - low_);
  if (lacking <= 0) return;
  low_ -= lacking / 2;
  high_ += lacking / 2;
}

std::size_t LogAxis::column_of(double ns) const {
  const double share = (std::log(std::max(1.0, ns)) - low_) / (high_ - low_);
  const double column = std::floor(share * static_cast<double>(columns_));
  return static_cast<std::size_t>(std::clamp(column, 0.0, static_cast<double>(columns_ - 1)));
}

std::vector<LogAxis::Tick> LogAxis::ticks_at(const std::vector<unsigned>& mantissas) const {
  // What rounding takes off must not take away a tick at the very end.
  constexpr double slack = 1e-9;
  std::vector<Tick> ticks;
  for (int decade = 0; decade < kDecades; ++decade) {
    for (const unsigned mantissa : mantissas) {
      const double ns = mantissa * std::pow(10.0, decade) / 10;
      const double at = std::log(ns);
      if (at < low_ - slack || at > high_ + slack || ns != std::floor(ns)) continue;
      ticks.push_back({.column = column_of(ns), .label = round_time(ns)});
    }
  }
  return ticks;
}

LogAxis::Label LogAxis::place_of(const Tick& tick) const {
  const std::size_t size = tick.label.size();
  const std::size_t left = tick.column - std::min(tick.column, size / 2);
  const std::size_t begin = std::min(left, columns_ - std::min(columns_, size));
  return {.begin = begin, .end = begin + size};
}

bool LogAxis::fit(const std::vector<Tick>& ticks) const {
  std::size_t free = 0;
  for (const Tick& tick : ticks) {
    const Label label = place_of(tick);
    if (label.begin < free || label.end > columns_) return false;
    free = label.end + kGap;
  }
  return !ticks.empty();
}

std::vector<LogAxis::Tick> LogAxis::ticks() const {
  for (const auto& mantissas : {every(1), every(5), every(10), {10, 20, 50}, {10, 30}, {10}}) {
    auto ticks = ticks_at(mantissas);
    if (fit(ticks)) return ticks;
  }
  // Not even all powers of ten fit: the first one and the last one that does beside it.
  auto ticks = ticks_at({10});
  while (ticks.size() > 1 && !fit(ticks)) ticks.erase(ticks.size() > 2 ? ticks.begin() + 1 : ticks.begin());
  return fit(ticks) ? ticks : std::vector<Tick>{};
}

}  // namespace sockscope
