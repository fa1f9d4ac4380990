#pragma once

#include <cstdint>
#include <vector>

#include "base/histogram.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// Times as they are measured: into a histogram and, if raw samples were asked for, one by one as well. Takes all its
/// memory beforehand.
class Samples {
 public:
  /// More are not kept: they are what the memory of an end depends on.
  static constexpr std::uint64_t kMostRaw = 4'000'000;

  explicit Samples(const WorkloadSpec& spec) : keeps_raw_(!spec.raw_file.empty()) {
    histogram.reserve();
    if (keeps_raw_) raw.reserve(std::min(spec.count, kMostRaw));
  }

  void record(std::uint64_t ns) {
    histogram.record(ns);
    if (keeps_raw_ && raw.size() < raw.capacity()) [[unlikely]] {
      raw.push_back(ns);
    }
  }

  Histogram histogram;
  std::vector<std::uint64_t> raw;

 private:
  bool keeps_raw_;
};

}  // namespace sockscope
