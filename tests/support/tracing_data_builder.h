#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parsers/perf_data/bytes.h"

namespace sockscope::test_support {

/// One format text under its system, for tracing_data_bytes().
struct FormatSpec {
  std::string system;
  std::string text;
};

/// How the header of a TRACING_DATA section may differ from what perf 6.1 writes on x86-64.
struct TracingDataShape {
  std::string version = "0.6";
  std::uint8_t long_size = 8;
  perf_data::ByteOrder order = perf_data::ByteOrder::kNative;
};

/// A whole TRACING_DATA section.
[[nodiscard]] std::string tracing_data_bytes(const std::vector<FormatSpec>& formats,
                                             const TracingDataShape& shape = {});

}  // namespace sockscope::test_support
