#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// The times seen of each CPU: whether they ascend.
class CpuTimes {
 public:
  /// Whether the CPU's times have not gone back with this one. perf writes one CPU's records in a row: nearly always it
  /// is the CPU of the last time.
  bool advance(std::uint32_t cpu, std::uint64_t time_ns) {
    if (cpu != cpu_ || time_ns < latest_) [[unlikely]] {
      return turn_to(cpu, time_ns);
    }
    latest_ = time_ns;
    return true;
  }

  /// Whether all times of `later`, which saw the records that follow, are behind those seen here: then the two counts
  /// of times gone back add up.
  [[nodiscard]] bool precede(CpuTimes& later);

  /// Takes over what `later` saw.
  void append(CpuTimes& later);

 private:
  static constexpr std::uint32_t kMaxCpus = 8192;  // the kernel's own limit (NR_CPUS)

  struct Range {
    std::uint64_t earliest = ~std::uint64_t{0};
    std::uint64_t latest = 0;
  };

  bool turn_to(std::uint32_t cpu, std::uint64_t time_ns);
  void store();

  std::vector<Range> ranges_;  // by CPU; of cpu_ as it was when it was turned to
  std::uint32_t cpu_ = kNoCpu;
  std::uint64_t latest_ = 0;  // of cpu_
};

}  // namespace sockscope::perf_data
