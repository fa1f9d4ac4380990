#include "harness/environment.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/child_process.h"
#include "base/cpu_list.h"
#include "harness/version.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

/// The value of the first "key : value" line of /proc/cpuinfo with that key.
std::string cpuinfo(const std::filesystem::path& root, std::string_view key) {
  std::ifstream file(root / "proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const auto colon = line.find(": ");
    return colon == std::string::npos ? "" : line.substr(colon + 2);
  }
  return {};
}

/// What the kernel does against speculation attacks makes system calls dearer: the ones that say "Mitigation".
std::string mitigations(const std::filesystem::path& root) {
  std::string text;
  std::error_code ignored;
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(root / "sys/devices/system/cpu/vulnerabilities", ignored)) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const auto& file : files) {
    const std::string state = first_line_of(file);
    if (!state.starts_with("Mitigation")) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", file.filename().string());
  }
  return text.empty() ? "none active" : text;
}

}  // namespace

std::string first_line_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string perf_version() {
  const auto output = output_of({"perf", "--version"}, {.timeout = std::chrono::seconds{10}});
  if (!output || output->status != 0) return {};
  return output->text.substr(0, output->text.find('\n'));
}

Facts describe_environment(const std::filesystem::path& root) {
  utsname system{};
  uname(&system);
  Facts facts{{"sockscope", std::string(kVersion)},
              {"perf", perf_version()},
              {"kernel", system.release},
              {"machine", system.machine},
              {"cpu", cpuinfo(root, "model name")},
              {"cpus", cpu_list_text(allowed_cpus())},
              {"virtual machine", cpuinfo(root, "flags").contains(" hypervisor") ? "yes" : "no"},
              {"clock source", first_line_of(root / "sys/devices/system/clocksource/clocksource0/current_clocksource")},
              {"cpu idle", first_line_of(root / "sys/devices/system/cpu/cpuidle/current_driver")},
              {"frequency governor", first_line_of(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")},
              {"mitigations", mitigations(root)},
              {"tcp congestion control", default_congestion_control()},
              {"loopback mtu", first_line_of(root / "sys/class/net/lo/mtu")}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

}  // namespace sockscope
