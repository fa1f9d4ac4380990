#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/tracefs.h"
#include "base/unique_fd.h"

namespace sockscope {

/// How often the kernel passes certain tracepoints in the context of some threads, counted without recording anything:
///
///   syscalls       raw_syscalls:sys_enter
///   skbs           net:net_dev_queue
///   received       net:netif_receive_skb
///   softirqs       irq:softirq_entry of NET_RX
///   wakeups        sched:sched_waking
///   switches       sched:sched_switch
///   data_ready     sock:sk_data_ready
///   probes         tcp:tcp_probe
///   allocations    kmem:kmem_cache_alloc
///
/// What softirqs do for a thread on loopback they do in its context, so it is counted for it.
class TracepointCounts {
 public:
  using Counts = std::vector<std::pair<std::string_view, std::uint64_t>>;

  /// Opens the counters, at rest; the calling thread, which starts, stops and reads them, may be one of those counted.
  /// kEnvironment if this user may not, or tracefs cannot be read; an event that the kernel does not have is left out.
  static Result<TracepointCounts> open(std::span<const pid_t> tids,
                                       const std::filesystem::path& tracefs = kTracefsMount);

  Result<> enable();
  Result<> disable();
  /// The sum over the threads, by name, in the order above.
  [[nodiscard]] Result<Counts> read() const;

 private:
  struct Counter {
    std::string_view name;
    UniqueFd fd;
  };
  /// Of one thread: they start and stop together, by the first of them.
  struct Group {
    pid_t tid = 0;
    std::vector<Counter> counters;
  };

  /// The calling thread's group is the last: what this object calls for the others is not counted.
  std::vector<Group> groups_;
  std::uint64_t stops_ = 0;  ///< Each is a system call of the calling thread that was counted.
};

}  // namespace sockscope
