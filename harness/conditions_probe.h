#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "analysis/run_conditions.h"
#include "harness/cpu_time.h"

namespace sockscope {

/// Looks at the machine around a run: start() while the ends stand still before their warm-up, stop() as soon as they
/// have measured, conclude() when there is time. Nothing of it happens while anything is measured.
class ConditionsProbe {
 public:
  /// What the processes of `ours` take is not foreign.
  ConditionsProbe(std::vector<int> cpus, std::vector<pid_t> ours, std::filesystem::path root = "/");

  void start();
  void stop();
  [[nodiscard]] RunConditions conclude() const;

 private:
  struct Reading {
    std::chrono::steady_clock::time_point time;
    CpuTime cpus;
    std::map<pid_t, std::uint64_t> clocks;
  };
  [[nodiscard]] Reading read() const;
  [[nodiscard]] std::vector<std::string> tracers() const;
  [[nodiscard]] std::map<pid_t, std::uint64_t> grown() const;
  void add_foreign(RunConditions& conditions) const;

  std::vector<int> cpus_;
  std::vector<pid_t> ours_;
  std::filesystem::path root_;
  std::vector<std::string> tracers_before_;
  std::vector<std::uint64_t> khz_;
  Reading before_;
  Reading after_;
};

}  // namespace sockscope
