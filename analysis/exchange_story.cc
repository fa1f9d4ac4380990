#include "analysis/exchange_story.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sockscope {
namespace {

using Part = std::pair<Direction, Stage>;

std::map<Part, std::uint64_t> times_of_parts(const std::vector<PathSegment>& path) {
  std::map<Part, std::uint64_t> times;
  for (const PathSegment& segment : path) times[{segment.direction, segment.stage}] += segment.duration_ns();
  return times;
}

}  // namespace

std::string_view name_of(PathCause cause) {
  constexpr std::array<std::string_view, 15> names{"running",         "other-task", "preempted",        "idle-cpu",
                                                   "unknown-task",    "blocked",    "send-buffer-full", "receiver-away",
                                                   "softirq-delayed", "ksoftirqd",  "socket-in-use",    "delayed-ack",
                                                   "nagle",           "window",     "retransmit"};
  return names.at(static_cast<std::size_t>(cause));
}

std::size_t culprit_of(const std::vector<PathSegment>& path, const std::vector<PathSegment>& median) {
  const auto usual = times_of_parts(median);
  const auto excess = [&usual](const std::pair<const Part, std::uint64_t>& part) {
    const auto found = usual.find(part.first);
    return static_cast<std::int64_t>(part.second) -
           (found == usual.end() ? 0 : static_cast<std::int64_t>(found->second));
  };
  const auto times = times_of_parts(path);
  const auto worst = std::ranges::max_element(times, {}, excess);
  if (worst == times.end()) return 0;
  const auto weight = [&worst](const PathSegment& segment) {
    const bool is_of_it = Part{segment.direction, segment.stage} == worst->first;
    return is_of_it ? segment.duration_ns() : 0;
  };
  return static_cast<std::size_t>(std::ranges::max_element(path, {}, weight) - path.begin());
}

}  // namespace sockscope
