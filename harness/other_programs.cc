#include "harness/other_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/environment.h"
#include "harness/tracefs_instance.h"

namespace sockscope {
namespace {

constexpr std::array<std::string_view, 10> kTracers{"bpftrace", "gdb",    "lttng-consumerd", "ltrace", "perf",
                                                    "rtla",     "stapio", "strace",          "sysdig", "trace-cmd"};

std::optional<pid_t> pid_in(const std::string& name) {
  pid_t pid = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
  const bool is_pid = parsed.ec == std::errc{} && parsed.ptr == name.data() + name.size();
  return is_pid ? std::optional(pid) : std::nullopt;
}

std::vector<pid_t> pids_in(const std::filesystem::path& proc) {
  std::vector<pid_t> pids;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(proc, ignored)) {
    if (const auto pid = pid_in(entry.path().filename().string())) pids.push_back(*pid);
  }
  return pids;
}

/// One ring buffer of tracefs: the top one, or an instance. perf's events do not show there.
void note_if_tracing(const std::filesystem::path& buffer, std::string_view name, std::vector<std::string>& tracers) {
  if (first_line_of(buffer / "tracing_on") != "1") return;
  const std::string tracer = first_line_of(buffer / "current_tracer");
  if (!tracer.empty() && tracer != "nop") tracers.push_back(fmt::format("tracefs{} ({})", name, tracer));
  const std::string events = first_line_of(buffer / "events/enable");
  if (events == "1" || events == "X") tracers.push_back(fmt::format("tracefs{} (events)", name));
}

}  // namespace

std::vector<NamedProcess> named_processes(const std::filesystem::path& root) {
  std::vector<NamedProcess> processes;
  for (const pid_t pid : pids_in(root / "proc")) {
    processes.push_back({.pid = pid, .name = first_line_of(root / fmt::format("proc/{}/comm", pid))});
  }
  return processes;
}

std::map<pid_t, std::uint64_t> process_clocks(const std::filesystem::path& root) {
  constexpr std::uint64_t ns_per_s = 1'000'000'000;
  std::map<pid_t, std::uint64_t> clocks;
  for (const pid_t pid : pids_in(root / "proc")) {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) continue;
    clocks[pid] = static_cast<std::uint64_t>(time.tv_sec) * ns_per_s + static_cast<std::uint64_t>(time.tv_nsec);
  }
  return clocks;
}

LastSeen last_seen(pid_t pid, const std::filesystem::path& root) {
  constexpr int cpu_after_name = 37;  // proc(5): the 39th field, two of which stand up to the name
  const std::string line = first_line_of(root / fmt::format("proc/{}/stat", pid));
  const auto begin = line.find('(');
  const auto end = line.rfind(')');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  LastSeen seen{.name = line.substr(begin + 1, end - begin - 1)};
  std::istringstream words(line.substr(end + 1));
  std::string skipped;
  for (int i = 1; i < cpu_after_name; ++i) words >> skipped;
  words >> seen.cpu;
  return seen;
}

std::vector<std::string> tracers_among(const std::vector<NamedProcess>& processes, const std::filesystem::path& root) {
  std::vector<std::string> tracers;
  for (const auto& [pid, name] : processes) {
    if (std::ranges::find(kTracers, name) != kTracers.end()) tracers.push_back(fmt::format("{} (pid {})", name, pid));
  }
  const auto tracefs = root / "sys/kernel/tracing";
  note_if_tracing(tracefs, "", tracers);
  std::error_code ignored;
  for (const auto& instance : std::filesystem::directory_iterator(tracefs / "instances", ignored)) {
    const std::string name = instance.path().filename().string();
    if (name != own_tracefs_instance()) note_if_tracing(instance.path(), " " + name, tracers);
  }
  return tracers;
}

}  // namespace sockscope
