#include "workloads/microbench/switch_count.h"

#include <fmt/format.h>

#include <fstream>
#include <string>

namespace sockscope {
namespace {

Result<std::uint64_t> switches_of(pid_t tid) {
  const std::string path = fmt::format("/proc/{}/status", tid);
  std::ifstream status(path);
  std::uint64_t sum = 0;
  int found = 0;
  for (std::string key; status >> key;) {
    if (key != "voluntary_ctxt_switches:" && key != "nonvoluntary_ctxt_switches:") continue;
    std::uint64_t switches = 0;
    if (!(status >> switches)) break;
    sum += switches;
    ++found;
  }
  if (found != 2) return fail(ErrorKind::kEnvironment, "{} does not tell the context switches", path);
  return sum;
}

}  // namespace

Result<std::uint64_t> switches_since_start(std::span<const pid_t> tids) {
  std::uint64_t sum = 0;
  for (const pid_t tid : tids) {
    const auto switches = switches_of(tid);
    if (!switches) return switches;
    sum += *switches;
  }
  return sum;
}

}  // namespace sockscope
