#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "parsers/perf_data/bytes.h"
#include "tests/support/tracing_data_builder.h"

namespace sockscope::test_support {

/// A trace.dat, put together by hand as trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5) describe it.
struct TraceDatSpec {
  std::string version = "7";
  bool is_compressed = false;  ///< Sections and buffers, of version 7 alone.
  std::string compression = "zstd";
  perf_data::ByteOrder order = perf_data::ByteOrder::kNative;
  std::vector<std::string> ftrace;  ///< Formats of ftrace's own events.
  std::vector<FormatSpec> events;
  std::string kallsyms;
  std::string cmdlines;
  std::string clock = "mono";
  std::string uname;
  std::string options;  ///< More of them, whole.
  std::uint32_t page_size = 4096;
  /// Pages by CPU, and those of a second instance.
  std::vector<std::pair<std::uint32_t, std::string>> cpus;
  std::vector<std::pair<std::uint32_t, std::string>> more_cpus;
  std::string second_clock = "mono";
};

[[nodiscard]] std::string trace_dat_bytes(const TraceDatSpec& spec);

/// An option as both versions have it.
[[nodiscard]] std::string trace_dat_option(std::uint16_t id, std::string_view data);

}  // namespace sockscope::test_support
