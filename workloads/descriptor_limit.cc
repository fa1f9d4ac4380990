#include "workloads/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace sockscope {
namespace {

constexpr rlim_t kOtherDescriptors = 64;  // pipes, perf's counters, the standard ones

}  // namespace

Result<> allow_sockets(std::uint64_t sockets) {
  const rlim_t needed = sockets + kOtherDescriptors;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return {};
  const rlimit wanted{.rlim_cur = needed, .rlim_max = std::max(limit.rlim_max, needed)};
  if (setrlimit(RLIMIT_NOFILE, &wanted) == 0) return {};
  return fail(ErrorKind::kEnvironment,
              "{} socket{} need{} {} descriptors and this process may have {}: ulimit -n {} as root{}", sockets,
              sockets == 1 ? "" : "s", sockets == 1 ? "s" : "", needed, limit.rlim_max, needed,
              sockets == 1 ? "" : ", or fewer of them");
}

}  // namespace sockscope
