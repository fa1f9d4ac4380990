#include "workloads/measured_part.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace sockscope {
namespace {

std::uint64_t microseconds(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000U + static_cast<std::uint64_t>(time.tv_usec);
}

}  // namespace

ResourceUsage usage_now() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return {.voluntary_switches = static_cast<std::uint64_t>(usage.ru_nvcsw),
          .involuntary_switches = static_cast<std::uint64_t>(usage.ru_nivcsw),
          .user_us = microseconds(usage.ru_utime),
          .system_us = microseconds(usage.ru_stime)};
}

std::uint64_t MeasuredPart::deadline_ns(const WorkloadSpec& spec) const {
  return spec.duration ? start_ns_ + static_cast<std::uint64_t>(spec.duration->count())
                       : std::numeric_limits<std::uint64_t>::max();
}

void MeasuredPart::end(EndResult& result, std::uint64_t end_ns) const {
  const ResourceUsage now = usage_now();
  result.start_ns = start_ns_;
  result.end_ns = end_ns;
  result.usage = {.voluntary_switches = now.voluntary_switches - usage_.voluntary_switches,
                  .involuntary_switches = now.involuntary_switches - usage_.involuntary_switches,
                  .user_us = now.user_us - usage_.user_us,
                  .system_us = now.system_us - usage_.system_us};
}

EndResult result_of(Role role, int socket, const WorkloadSpec& spec) {
  EndResult result;
  result.identity = {.role = role, .tid = gettid(), .fd = socket};
  result.socket = options_in_effect(spec.protocol, socket);
  return result;
}

void keep_round_trips(EndResult& result, Samples&& samples) {
  result.rtt = std::move(samples.histogram);
  if (!samples.raw.empty()) result.raw.emplace_back("rtt", std::move(samples.raw));
}

void keep_times(EndResult& result, std::string_view name, Samples&& samples) {
  result.measured.times.emplace_back(name, std::move(samples.histogram));
  if (!samples.raw.empty()) result.raw.emplace_back(name, std::move(samples.raw));
}

void add_thread(EndResult& sum, EndResult&& thread) {
  sum.start_ns = std::min(sum.start_ns, thread.start_ns);
  sum.end_ns = std::max(sum.end_ns, thread.end_ns);
  sum.round_trips += thread.round_trips;
  sum.lost += thread.lost;
  sum.rtt.merge(thread.rtt);
  sum.usage.voluntary_switches += thread.usage.voluntary_switches;
  sum.usage.involuntary_switches += thread.usage.involuntary_switches;
  sum.usage.user_us += thread.usage.user_us;
  sum.usage.system_us += thread.usage.system_us;
  sum.measured += thread.measured;
  std::ranges::move(thread.raw, std::back_inserter(sum.raw));
}

}  // namespace sockscope
