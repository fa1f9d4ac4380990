#include "report/rates.h"

namespace sockscope {
namespace {

constexpr double kNsPerSecond = 1e9;

}  // namespace

std::optional<double> goodput_bits_per_s(const Measurements& measured) {
  const Histogram* const transfer = measured.time("transfer");
  if (transfer == nullptr || transfer->sum() == 0 || !measured.has_count("bytes_received")) return std::nullopt;
  const double bits = 8.0 * static_cast<double>(measured.count("bytes_received"));
  return bits * kNsPerSecond / static_cast<double>(transfer->sum());
}

std::optional<double> units_per_s(const UntracedSummary& untraced) {
  if (untraced.measured.units == 0 || untraced.measured_ns == 0) return std::nullopt;
  return static_cast<double>(untraced.measured.units) * kNsPerSecond / static_cast<double>(untraced.measured_ns);
}

}  // namespace sockscope
