#include "analysis/exchange_story.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <type_traits>
#include <utility>

namespace sockscope {
namespace {

using Part = std::pair<Direction, Stage>;

Part part_of(const PathSegment& segment) { return {segment.direction, segment.stage}; }

std::uint64_t time_of(const std::vector<PathSegment>& path) {
  std::uint64_t time = 0;
  for (const PathSegment& segment : path) time += segment.duration_ns();
  return time;
}

/// The time of all segments by one of their properties.
template <class Property>
auto totals(const std::vector<PathSegment>& path, Property property) {
  std::map<std::decay_t<std::invoke_result_t<Property, const PathSegment&>>, std::uint64_t> times;
  for (const PathSegment& segment : path) times[std::invoke(property, segment)] += segment.duration_ns();
  return times;
}

template <class Property>
auto largest(const std::vector<PathSegment>& path, Property property) {
  const auto times = totals(path, property);
  return std::ranges::max_element(times, {}, [](const auto& entry) { return entry.second; })->first;
}

template <class Predicate>
std::vector<PathSegment> only(const std::vector<PathSegment>& path, Predicate predicate) {
  std::vector<PathSegment> rest;
  std::ranges::copy_if(path, std::back_inserter(rest), predicate);
  return rest;
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
  // Where all are held up alike, the median one is no measure: against it there are only trifles.
  const bool is_outlier = time_of(path) >= 2 * time_of(median);
  const auto usual = totals(is_outlier ? median : std::vector<PathSegment>{}, part_of);
  const auto excess = [&usual](const std::pair<const Part, std::uint64_t>& part) {
    const auto found = usual.find(part.first);
    return static_cast<std::int64_t>(part.second) -
           (found == usual.end() ? 0 : static_cast<std::int64_t>(found->second));
  };
  const auto parts = totals(path, part_of);
  const auto worst = std::ranges::max_element(parts, {}, excess);
  if (worst == parts.end()) return 0;
  const auto candidates = only(path, [&worst](const PathSegment& segment) { return part_of(segment) == worst->first; });
  const auto cause = largest(candidates, &PathSegment::cause);
  const auto of_cause = only(candidates, [cause](const PathSegment& segment) { return segment.cause == cause; });
  const auto who = largest(of_cause, &PathSegment::who);
  const auto weight = [&](const PathSegment& segment) {
    const bool is_it = part_of(segment) == worst->first && segment.cause == cause && segment.who == who;
    return is_it ? segment.duration_ns() : 0;
  };
  return static_cast<std::size_t>(std::ranges::max_element(path, {}, weight) - path.begin());
}

}  // namespace sockscope
