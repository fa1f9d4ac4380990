#include "harness/cpu_time.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <string>

namespace sockscope {
namespace {

// USER_HZ, which is 100 wherever perf runs.
constexpr std::uint64_t kTickNs = 10'000'000;

/// Those of a line "cpu0 user nice system idle iowait irq softirq steal ...". Interrupts are left out: what a task is
/// charged for may or may not contain them.
struct Ticks {
  std::uint64_t busy = 0;
  std::uint64_t steal = 0;
};

Ticks ticks_of(int cpu, const std::filesystem::path& root) {
  std::ifstream file(root / "proc/stat");
  const std::string wanted = fmt::format("cpu{}", cpu);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    if (!(words >> name) || name != wanted) continue;
    std::uint64_t user = 0;
    std::uint64_t nice = 0;
    std::uint64_t system = 0;
    std::uint64_t skipped = 0;
    Ticks ticks;
    words >> user >> nice >> system;
    for (int i = 0; i < 4; ++i) words >> skipped;
    words >> ticks.steal;
    ticks.busy = user + nice + system;
    return ticks;
  }
  return {};
}

/// Inside of a container the file tells of the container alone, which is less than what the CPU was seen doing.
std::optional<std::uint64_t> accounted_ns(int cpu, std::uint64_t ticked_ns, const std::filesystem::path& root) {
  std::ifstream file(root / "sys/fs/cgroup/cpuacct/cpuacct.usage_percpu");
  std::uint64_t usage = 0;
  for (int i = 0; i <= cpu; ++i) file >> usage;
  if (!file || usage < ticked_ns / 2) return std::nullopt;
  return usage;
}

}  // namespace

CpuTime cpu_time(const std::vector<int>& cpus, const std::filesystem::path& root) {
  CpuTime sum{.run_ns = 0};
  for (const int cpu : cpus) {
    const Ticks ticks = ticks_of(cpu, root);
    const auto accounted = accounted_ns(cpu, ticks.busy * kTickNs, root);
    sum.run_ns = accounted && sum.run_ns ? std::optional(*sum.run_ns + *accounted) : std::nullopt;
    sum.ticked_ns += ticks.busy * kTickNs;
    sum.steal_ns += ticks.steal * kTickNs;
  }
  return sum;
}

std::vector<std::uint64_t> cpu_khz(const std::vector<int>& cpus, const std::filesystem::path& root) {
  std::vector<std::uint64_t> all;
  for (const int cpu : cpus) {
    std::ifstream file(root / fmt::format("sys/devices/system/cpu/cpu{}/cpufreq/scaling_cur_freq", cpu));
    std::uint64_t khz = 0;
    if (file >> khz) all.push_back(khz);
  }
  if (all.size() != cpus.size()) all.clear();
  return all;
}

}  // namespace sockscope
