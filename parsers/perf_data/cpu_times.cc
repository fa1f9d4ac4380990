#include "parsers/perf_data/cpu_times.h"

namespace sockscope::perf_data {

void CpuTimes::store() {
  if (cpu_ < ranges_.size()) ranges_[cpu_].latest = latest_;
}

bool CpuTimes::turn_to(std::uint32_t cpu, std::uint64_t time_ns) {
  if (cpu >= kMaxCpus) return true;  // none said, or nonsense
  store();
  if (cpu >= ranges_.size()) ranges_.resize(cpu + 1U);
  Range& range = ranges_[cpu];
  const bool advances = time_ns >= range.latest;
  range.earliest = std::min(range.earliest, time_ns);
  cpu_ = cpu;
  latest_ = std::max(range.latest, time_ns);
  return advances;
}

bool CpuTimes::precede(CpuTimes& later) {
  store();
  later.store();
  for (std::size_t cpu = 0; cpu < std::min(ranges_.size(), later.ranges_.size()); ++cpu) {
    if (later.ranges_[cpu].earliest < ranges_[cpu].latest) return false;
  }
  return true;
}

void CpuTimes::append(CpuTimes& later) {
  store();
  later.store();
  ranges_.resize(std::max(ranges_.size(), later.ranges_.size()));
  for (std::size_t cpu = 0; cpu < later.ranges_.size(); ++cpu) {
    ranges_[cpu].earliest = std::min(ranges_[cpu].earliest, later.ranges_[cpu].earliest);
    ranges_[cpu].latest = std::max(ranges_[cpu].latest, later.ranges_[cpu].latest);
  }
  cpu_ = kNoCpu;
}

}  // namespace sockscope::perf_data
