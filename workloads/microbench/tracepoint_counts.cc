#include "workloads/microbench/tracepoint_counts.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <ranges>

namespace sockscope {
namespace {

struct Known {
  std::string_view name;
  std::string_view event;
  const char* filter = nullptr;  ///< Documentation/trace/events.rst, section 5
};

// NET_RX is 3 in enum (include/linux/interrupt.h), since 2.6.
constexpr std::array kKnown{
    Known{"syscalls", "raw_syscalls/sys_enter"},  Known{"skbs", "net/net_dev_queue"},
    Known{"received", "net/netif_receive_skb"},   Known{"softirqs", "irq/softirq_entry", "vec==3"},
    Known{"wakeups", "sched/sched_waking"},       Known{"switches", "sched/sched_switch"},
    Known{"data_ready", "sock/sk_data_ready"},    Known{"probes", "tcp/tcp_probe"},
    Known{"allocations", "kmem/kmem_cache_alloc"}};

std::optional<std::uint64_t> id_of(const std::filesystem::path& tracefs, std::string_view event) {
  std::ifstream file(tracefs / "events" / event / "id");
  std::uint64_t id = 0;
  return file >> id ? std::optional(id) : std::nullopt;
}

/// The descriptor, or an errno value.
std::expected<UniqueFd, int> open_counter(std::uint64_t id, const char* filter, pid_t tid, int leader) {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_TRACEPOINT;
  attr.size = sizeof attr;
  attr.config = id;
  if (leader < 0) attr.disabled = 1;
  UniqueFd fd(static_cast<int>(syscall(SYS_perf_event_open, &attr, tid, -1, leader, PERF_FLAG_FD_CLOEXEC)));
  if (!fd) return std::unexpected(errno);
  if (filter != nullptr && ioctl(fd.get(), PERF_EVENT_IOC_SET_FILTER, filter) != 0) return std::unexpected(errno);
  return fd;
}

}  // namespace

Result<TracepointCounts> TracepointCounts::open(std::span<const pid_t> tids, const std::filesystem::path& tracefs) {
  TracepointCounts counts;
  for (const pid_t tid : tids) counts.groups_.push_back({.tid = tid, .counters = {}});
  std::ranges::partition(counts.groups_, [](const Group& group) { return group.tid != gettid(); });
  for (const Known& known : kKnown) {
    const auto id = id_of(tracefs, known.event);
    if (!id) continue;
    for (Group& group : counts.groups_) {
      const int leader = group.counters.empty() ? -1 : group.counters.front().fd.get();
      auto fd = open_counter(*id, known.filter, group.tid, leader);
      if (!fd) {
        return fail(ErrorKind::kEnvironment, "cannot count {}: {}: run as root", known.event, errno_text(fd.error()));
      }
      group.counters.push_back({.name = known.name, .fd = std::move(*fd)});
    }
  }
  if (counts.groups_.empty() || counts.groups_.front().counters.empty()) {
    return fail(ErrorKind::kEnvironment, "cannot read the ids of tracepoints below {}: run as root", tracefs.string());
  }
  return counts;
}

Result<> TracepointCounts::enable() {
  for (const Group& group : groups_) {
    if (ioctl(group.counters.front().fd.get(), PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP) != 0) {
      return fail(ErrorKind::kEnvironment, "cannot start to count tracepoints: {}", errno_text(errno));
    }
  }
  return {};
}

Result<> TracepointCounts::disable() {
  for (const Group& group : std::views::reverse(groups_)) {
    if (ioctl(group.counters.front().fd.get(), PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP) != 0) {
      return fail(ErrorKind::kEnvironment, "cannot stop counting tracepoints: {}", errno_text(errno));
    }
    stops_ += group.tid == gettid() ? 1 : 0;
  }
  return {};
}

Result<TracepointCounts::Counts> TracepointCounts::read() const {
  Counts counts;
  for (const Group& group : groups_) {
    for (const Counter& counter : group.counters) {
      std::uint64_t value = 0;
      if (::read(counter.fd.get(), &value, sizeof value) != sizeof value) {
        return fail(ErrorKind::kEnvironment, "cannot read the count of {}: {}", counter.name, errno_text(errno));
      }
      const auto known = std::ranges::find(counts, counter.name, &Counts::value_type::first);
      if (known == counts.end()) {
        counts.emplace_back(counter.name, value);
      } else {
        known->second += value;
      }
    }
  }
  if (counts.front().first == kKnown.front().name) counts.front().second -= std::min(counts.front().second, stops_);
  return counts;
}

}  // namespace sockscope
