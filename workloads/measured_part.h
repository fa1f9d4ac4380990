#pragma once

#include <cstdint>

#include "base/monotonic_clock.h"
#include "workloads/end_result.h"
#include "workloads/samples.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// getrusage(2) of this thread, RUSAGE_THREAD.
ResourceUsage usage_now();

/// What a thread's measured part took, from its construction on: time and resource usage.
class MeasuredPart {
 public:
  MeasuredPart() : usage_(usage_now()), start_ns_(monotonic_now_ns()) {}

  [[nodiscard]] std::uint64_t start_ns() const { return start_ns_; }

  /// When a run of that spec stops sending.
  [[nodiscard]] std::uint64_t deadline_ns(const WorkloadSpec& spec) const;

  /// Fills in start, end and usage.
  void end(EndResult& result, std::uint64_t end_ns) const;

 private:
  ResourceUsage usage_;
  std::uint64_t start_ns_;
};

/// The result of this thread's end, with nothing measured yet.
EndResult result_of(Role role, int socket, const WorkloadSpec& spec);

/// Puts samples into a result: as its round trips, or under a name.
void keep_round_trips(EndResult& result, Samples&& samples);
void keep_times(EndResult& result, std::string_view name, Samples&& samples);

/// Adds what another thread of the same end measured.
void add_thread(EndResult& sum, EndResult&& thread);

}  // namespace sockscope
