#pragma once

#include <optional>

#include "analysis/summary.h"

/// Numbers per time, of what a workload measured.
namespace sockscope {

/// Bits of payload a second at the receiver: its count "bytes_received" over its time "transfer".
[[nodiscard]] std::optional<double> goodput_bits_per_s(const Measurements& measured);

/// Units of the workload a second of the client's measuring.
[[nodiscard]] std::optional<double> units_per_s(const UntracedSummary& untraced);

}  // namespace sockscope
