#include "analysis/protocol_totals.h"

#include <algorithm>

namespace sockscope {
namespace {

constexpr std::size_t kStages = kMessageStages.size();
constexpr std::size_t kTurnAroundAt = kStages;
constexpr std::size_t kResponseAt = kStages + 1;

/// The sum of the stages, or -1 if one of them is negative or they are longer than time is.
std::int64_t sum_of(const StageTimes& times) {
  std::int64_t sum = 0;
  for (const auto& time : times) {
    if (time.value_or(0) < 0 || __builtin_add_overflow(sum, time.value_or(0), &sum)) return -1;
  }
  return sum;
}

bool adds_up(const StageTimes& times, const MessagePath& path) {
  return sum_of(times) == static_cast<std::int64_t>(path.exit_ns - path.enter_ns) && DeviceTimes::fits(path);
}

void add(StageSummary& stage, const std::optional<std::int64_t>& time) {
  if (time) {
    stage.durations.record(static_cast<std::uint64_t>(*time));
  } else {
    ++stage.absent;
  }
}

std::vector<StageSummary> stages_in(Direction direction) {
  std::vector<StageSummary> stages;
  stages.reserve(kStages);
  for (const Stage stage : kMessageStages) stages.push_back({.direction = direction, .stage = stage});
  return stages;
}

std::array<std::uint64_t, kRoundTripParts + 1> cuts_of(const CentralRoundTrips::Parts& parts, std::uint64_t from_ns) {
  std::array<std::uint64_t, kRoundTripParts + 1> cuts{from_ns};
  for (std::size_t i = 0; i < kRoundTripParts; ++i) cuts.at(i + 1) = cuts.at(i) + parts.at(i);
  return cuts;
}

PathCounts difference(const PathCounts& later, const PathCounts& earlier) {
  return {.syscalls = later.syscalls - earlier.syscalls,
          .skbs = later.skbs - earlier.skbs,
          .softirqs = later.softirqs - earlier.softirqs,
          .context_switches = later.context_switches - earlier.context_switches,
          .wakeups = later.wakeups - earlier.wakeups};
}

}  // namespace

ProtocolTotals::ProtocolTotals(Protocol protocol) {
  trace_.protocol = protocol;
  for (const auto& [direction, stage] : kPathOfRoundTrip) {
    trace_.summary.stages.push_back({.direction = direction, .stage = stage});
  }
}

bool ProtocolTotals::round_trip(const MessagePath& request, const MessagePath& response) {
  const StageTimes there = stages_of(request);
  const StageTimes back = stages_of(response);
  if (!adds_up(there, request) || !adds_up(back, response) || response.enter_ns < request.exit_ns) {
    ++trace_.unsound;
    return false;
  }
  trace_.summary.devices.add(Direction::kRequest, request);
  trace_.summary.devices.add(Direction::kResponse, response);
  auto& stages = trace_.summary.stages;
  for (std::size_t i = 0; i < kStages; ++i) {
    add(stages[i], there[i]);
    add(stages[kResponseAt + i], back[i]);
  }
  stages[kTurnAroundAt].durations.record(response.enter_ns - request.exit_ns);
  trace_.summary.request_one_way.record(request.exit_ns - request.enter_ns);
  trace_.summary.response_one_way.record(response.exit_ns - response.enter_ns);
  trace_.summary.rtt.record(response.exit_ns - request.enter_ns);
  return true;
}

void ProtocolTotals::parts_of(const MessagePath& request, const MessagePath& response, std::uint64_t previous_end_ns,
                              const RecentEvents& events) {
  // A request that does not wait for the response to the one before has no turn-around of the client's.
  if (request.enter_ns < previous_end_ns) return;
  CentralRoundTrips::Parts parts{};
  auto part = parts.begin();
  const auto add_stages = [&part](const MessagePath& path) {
    for (const auto& time : stages_of(path)) *part++ = static_cast<std::uint64_t>(time.value_or(0));
  };
  *part++ = request.enter_ns - previous_end_ns;
  add_stages(request);
  *part++ = response.enter_ns - request.exit_ns;
  add_stages(response);
  CentralRoundTrips::Parts in_each{};
  if (events.count(cuts_of(parts, previous_end_ns), in_each)) trace_.summary.central.add(parts, in_each);
}

bool ProtocolTotals::one_way(Direction direction, const MessagePath& path) {
  const StageTimes times = stages_of(path);
  if (!adds_up(times, path)) {
    ++trace_.unsound;
    return false;
  }
  OneWay& messages = one_way_[direction];
  messages.devices.add(direction, path);
  if (messages.stages.empty()) messages.stages = stages_in(direction);
  for (std::size_t i = 0; i < kStages; ++i) add(messages.stages[i], times[i]);
  messages.times.record(path.exit_ns - path.enter_ns);
  return true;
}

void ProtocolTotals::counts_at_response(std::int32_t tid, const PathCounts& counts) {
  if (const auto thread = threads_.find(tid); thread != threads_.end()) thread->second.last = counts;
  trace_.summary.counts.round_trips = requests_;
}

std::vector<std::pair<std::int32_t, bool>> ProtocolTotals::threads() const {
  std::vector<std::pair<std::int32_t, bool>> threads;
  threads.reserve(threads_.size());
  for (const auto& [tid, thread] : threads_) threads.emplace_back(tid, thread.is_client);
  return threads;
}

ProtocolTrace ProtocolTotals::result() const {
  ProtocolTrace result = trace_;
  for (const auto& [tid, thread] : threads_) result.summary.counts += difference(thread.last, thread.first);
  if (!result.summary.rtt.empty() || one_way_.empty()) return result;
  result.summary.stages.clear();
  for (const auto& [direction, messages] : one_way_) {
    result.summary.stages.insert(result.summary.stages.end(), messages.stages.begin(), messages.stages.end());
    (direction == Direction::kRequest ? result.summary.request_one_way : result.summary.response_one_way) =
        messages.times;
    result.summary.devices += messages.devices;
  }
  return result;
}

}  // namespace sockscope
