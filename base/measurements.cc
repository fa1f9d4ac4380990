#include "base/measurements.h"

#include <algorithm>

namespace sockscope {
namespace {

template <class Pairs>
auto find_named(Pairs& pairs, std::string_view name) {
  return std::ranges::find_if(pairs, [name](const auto& pair) { return pair.first == name; });
}

}  // namespace

void Measurements::add_time(std::string_view name, const Histogram& histogram) {
  const auto known = find_named(times, name);
  if (known == times.end()) {
    times.emplace_back(name, histogram);
  } else {
    known->second.merge(histogram);
  }
}

void Measurements::add_count(std::string_view name, std::uint64_t count) {
  const auto known = find_named(counts, name);
  if (known == counts.end()) {
    counts.emplace_back(name, count);
  } else {
    known->second += count;
  }
}

Measurements& Measurements::operator+=(const Measurements& other) {
  if (unit.empty()) unit = other.unit;
  units += other.units;
  for (const auto& [name, histogram] : other.times) add_time(name, histogram);
  for (const auto& [name, value] : other.counts) add_count(name, value);
  return *this;
}

const Histogram* Measurements::time(std::string_view name) const {
  const auto known = find_named(times, name);
  return known == times.end() ? nullptr : &known->second;
}

std::uint64_t Measurements::count(std::string_view name) const {
  const auto known = find_named(counts, name);
  return known == counts.end() ? 0 : known->second;
}

bool Measurements::has_count(std::string_view name) const { return find_named(counts, name) != counts.end(); }

}  // namespace sockscope
