#include "harness/lab_leftovers.h"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/net_device.h"
#include "base/unique_fd.h"
#include "harness/environment.h"
#include "workloads/workload_table.h"

namespace sockscope {
namespace {

namespace fs = std::filesystem;

std::optional<pid_t> number_in(std::string_view text) {
  pid_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

/// "net:[4026531840]"
std::string namespace_of(const fs::path& process) {
  std::error_code gone;
  return fs::read_symlink(process / "ns/net", gone).string();
}

/// The columns of /proc/PID/net/dev begin with "  NAME:".
bool has_own_device(const fs::path& process) {
  std::ifstream file(process / "net/dev");
  for (std::string line; std::getline(file, line);) {
    const auto begin = line.find_first_not_of(' ');
    if (begin != std::string::npos && std::string_view(line).substr(begin).starts_with(kOwnDevicePrefix)) return true;
  }
  return false;
}

/// Field 4 of /proc/PID/stat, behind the name, which may hold anything.
pid_t parent_of(const fs::path& process) {
  const std::string stat = first_line_of(process / "stat");
  const auto end_of_name = stat.rfind(") ");
  if (end_of_name == std::string::npos) return 0;
  const std::string_view rest = std::string_view(stat).substr(end_of_name + 2);
  const auto from = std::min(rest.find(' ') + 1, rest.size());
  return number_in(rest.substr(from, rest.find(' ', from) - from)).value_or(0);
}

/// As Worker::start() names them, cut to what the kernel keeps.
bool is_end_of_a_workload(std::string_view comm) {
  constexpr std::size_t longest = 15;
  return std::ranges::any_of(workload_table(), [comm](const WorkloadRow& row) {
    return comm == fmt::format("{}-client", row.name).substr(0, longest) ||
           comm == fmt::format("{}-server", row.name).substr(0, longest);
  });
}

}  // namespace

std::vector<LabProcess> lab_processes(const fs::path& proc) {
  std::vector<LabProcess> processes;
  const std::string ours = namespace_of(proc / "self");
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(proc, gone)) {
    const auto pid = number_in(entry.path().filename().string());
    if (!pid) continue;
    const std::string theirs = namespace_of(entry.path());
    if (theirs.empty() || theirs == ours || !has_own_device(entry.path())) continue;
    processes.push_back({.pid = *pid, .parent = parent_of(entry.path()), .comm = first_line_of(entry.path() / "comm")});
  }
  std::ranges::sort(processes, {}, &LabProcess::pid);
  return processes;
}

std::vector<LabProcess> left_over(const std::vector<LabProcess>& processes) {
  std::vector<LabProcess> left;
  std::ranges::copy_if(processes, std::back_inserter(left), [](const LabProcess& process) {
    return process.parent == 1 && is_end_of_a_workload(process.comm);
  });
  return left;
}

void end_left_over(const fs::path& proc) {
  for (const LabProcess& process : left_over(lab_processes(proc))) {
    const UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, process.pid, 0)));
    // Whoever has that number by now is another one, unless it still is where it was.
    const auto still = lab_processes(proc);
    if (!pidfd || std::ranges::find(still, process) == still.end()) continue;
    (void)syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
  }
}

}  // namespace sockscope
