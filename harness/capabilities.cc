#include "harness/capabilities.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "base/cpu_list.h"
#include "base/unique_fd.h"
#include "harness/capture.h"
#include "harness/environment.h"

namespace sockscope {
namespace {

constexpr std::string_view kAsRoot = "run as root: sudo sockscope ...";

Check perf_check() {
  const std::string version = perf_version();
  return {.name = "perf",
          .is_fine = !version.empty(),
          .is_needed = true,
          .found = version.empty() ? "not found in PATH" : version,
          .fix = version.empty() ? "apt-get install linux-perf" : ""};
}

/// The id of a tracepoint that every kernel with tracing has: what perf reads first of each event.
std::filesystem::path some_id(const std::filesystem::path& tracefs) { return tracefs / "events/sched/sched_switch/id"; }

Check tracefs_check(const std::filesystem::path& tracefs) {
  Check check{.name = "tracefs", .is_fine = true, .is_needed = true, .found = tracefs.string(), .fix = {}};
  if (access(some_id(tracefs).c_str(), R_OK) == 0) return check;
  const int error = errno;
  check.is_fine = false;
  check.found = fmt::format("{}: {}", some_id(tracefs).string(), errno_text(error));
  // The group and not the mode: events' files are readable for their owner and group alone, whatever perf's hint says.
  check.fix = error == EACCES ? fmt::format("{}; or: sudo mount -o remount,gid={},mode=750 {}", kAsRoot, getegid(),
                                            tracefs.string())
                              : fmt::format("sudo mount -t tracefs nodev {}", tracefs.string());
  return check;
}

Check events_check(const Result<EventSet>& events) {
  Check check{.name = "tracepoints", .is_fine = events.has_value(), .is_needed = true, .found = {}, .fix = {}};
  if (!events) {
    check.found = events.error().message;
    check.fix = "see tracefs, or use a kernel that has them";
  } else if (events->missing.empty()) {
    check.found = fmt::format("all {}", events->events.size());
  } else {
    check.found = fmt::format("{}, not {}: their stages are merged with the next", events->events.size(),
                              fmt::join(events->missing, ", "));
  }
  return check;
}

/// Opens sched:sched_switch on a CPU as perf would, and closes it again. 0 or the errno.
int try_tracepoint(const std::filesystem::path& tracefs) {
  const std::string id = first_line_of(some_id(tracefs));
  perf_event_attr attr{};
  attr.type = PERF_TYPE_TRACEPOINT;
  attr.size = sizeof attr;
  if (std::from_chars(id.data(), id.data() + id.size(), attr.config).ec != std::errc{}) return ENOENT;
  attr.sample_period = 1;
  attr.sample_type = PERF_SAMPLE_RAW | PERF_SAMPLE_TIME;
  attr.disabled = 1;
  const UniqueFd event(
      static_cast<int>(syscall(SYS_perf_event_open, &attr, -1, allowed_cpus().front(), -1, PERF_FLAG_FD_CLOEXEC)));
  return event ? 0 : errno;
}

Check permission_check(const std::filesystem::path& tracefs) {
  const std::string paranoid = first_line_of("/proc/sys/kernel/perf_event_paranoid");
  Check check{.name = "permission", .is_fine = true, .is_needed = true, .found = {}, .fix = {}};
  const int error = try_tracepoint(tracefs);
  if (error == 0) {
    check.found = fmt::format("tracepoints of all processes (uid {}, perf_event_paranoid {})", geteuid(), paranoid);
    return check;
  }
  check.is_fine = false;
  const std::string who = fmt::format("uid {}, perf_event_paranoid {}", geteuid(), paranoid);
  if (error == ENOENT) {
    check.found = fmt::format("unknown until tracefs can be read ({})", who);
    check.fix = "see tracefs; then perf_event_paranoid must be -1, or sockscope run as root";
  } else {
    check.found = fmt::format("{} ({})", errno_text(error), who);
    check.fix = fmt::format("{}; or: sudo sysctl kernel.perf_event_paranoid=-1", kAsRoot);
  }
  return check;
}

Check clock_check() {
  const std::string source = first_line_of("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  // arch/x86/entry/vdso: the other clock sources are read by a system call, which the counts would show.
  const bool is_fine = source == "tsc" || source == "kvm-clock" || source == "arch_sys_counter" ||
                       source.starts_with("hyperv_clocksource");
  return {.name = "clock",
          .is_fine = is_fine,
          .is_needed = false,
          .found = is_fine ? source : fmt::format("{}: each reading costs a system call", source),
          .fix = is_fine ? "" : "boot with clocksource=tsc if the TSC is stable"};
}

Check capture_check(const std::filesystem::path& tracefs) {
  const std::string why_not = why_no_tracefs(tracefs);
  return {.name = "capture",
          .is_fine = why_not.empty(),
          .is_needed = false,
          .found = why_not.empty() ? "tracefs: ftrace's own buffers, at a third of perf's cost for an event"
                                   : fmt::format("perf record, at three times the cost for an event: {}", why_not),
          .fix = why_not.empty() ? "" : std::string(kAsRoot)};
}

Check cpus_check() {
  const auto cpus = allowed_cpus();
  const bool is_fine = cpus.size() > 1;
  return {.name = "cpus",
          .is_fine = is_fine,
          .is_needed = false,
          .found = is_fine ? cpu_list_text(cpus)
                           : fmt::format("{} alone: perf and the workload share it", cpu_list_text(cpus)),
          .fix = is_fine ? "" : "allow a second CPU (taskset, cgroup)"};
}

}  // namespace

bool Capabilities::can_trace() const {
  return std::ranges::all_of(checks, [](const Check& check) { return check.is_fine || !check.is_needed; });
}

std::vector<Missing> Capabilities::missing() const {
  std::vector<Missing> missing;
  for (const Check& check : checks) {
    if (check.is_needed && !check.is_fine)
      missing.push_back({fmt::format("{}: {}", check.name, check.found), check.fix});
  }
  return missing;
}

Capabilities examine(const std::filesystem::path& tracefs) {
  auto events = EventSet::available(tracefs, "lab");
  Capabilities capabilities{.checks = {perf_check(), tracefs_check(tracefs), events_check(events),
                                       permission_check(tracefs), capture_check(tracefs), clock_check(), cpus_check()},
                            .events = {}};
  if (events) capabilities.events = std::move(*events);
  return capabilities;
}

std::string render_checks(const Capabilities& capabilities) {
  std::string text;
  for (const Check& check : capabilities.checks) {
    const std::string_view state = check.is_fine ? "ok" : check.is_needed ? "MISSING" : "note";
    text += fmt::format("{:<8} {:<12} {}\n", state, check.name, check.found);
    if (!check.fix.empty()) text += fmt::format("{:<8} {:<12} fix: {}\n", "", "", check.fix);
  }
  text += capabilities.can_trace() ? "This machine can trace: every section of the report will be there.\n"
                                   : "This machine cannot trace yet: compare still measures untraced latency.\n";
  return text;
}

}  // namespace sockscope
