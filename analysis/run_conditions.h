#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sockscope {

/// What went on around a run, from before its warm-up to the end of its measured part (docs/conditions.md).
struct RunConditions {
  std::uint64_t wall_ns = 0;           ///< How long that was; 0: nobody looked, as in runs of earlier versions.
  std::vector<int> cpus;               ///< The measured ones, in rising order.
  std::uint64_t foreign_ns = 0;        ///< What other programs took of these CPUs, all together.
  std::string busiest;                 ///< The name of the one that took most and was last seen there; empty: none was.
  std::uint64_t steal_ns = 0;          ///< What the host took of these CPUs, in steps of 10 ms; it does not tell all.
  std::vector<std::string> tracers;    ///< Who else traced: "strace (pid 12)".
  std::vector<std::uint64_t> cpu_khz;  ///< Of the CPUs, at the end; empty: unknown.

  bool operator==(const RunConditions&) const = default;
};

enum class Contaminant { kForeignCpu, kTracer, kSteal, kFrequency };

/// "foreign-cpu", as it stands in JSON.
[[nodiscard]] std::string_view name_of(Contaminant contaminant);

/// Why a run says nothing about what it measured.
struct Contamination {
  Contaminant by = Contaminant::kForeignCpu;
  std::string what;  ///< "other programs took 14 % of CPU 0, most of it cc1plus"
};

/// What was beyond its limit in a run; empty: nothing.
[[nodiscard]] std::vector<Contamination> contamination(const RunConditions& run);

/// What makes two runs incomparable though each may be clean: a CPU that ran faster in one of them.
[[nodiscard]] std::vector<Contamination> contamination_between(const RunConditions& a, const RunConditions& b);

}  // namespace sockscope
