#include "analysis/device_times.h"

#include <algorithm>

namespace sockscope {

bool DeviceTimes::fits(const MessagePath& path) {
  if (!path.route) return true;
  const auto& stations = path.route->stations;
  return stations.size() > 1 && stations.front().time_ns == path.queue_ns &&
         stations.back().time_ns == path.receive_ns && std::ranges::is_sorted(stations, {}, &DeviceStation::time_ns);
}

void DeviceTimes::add(Direction direction, const MessagePath& path) {
  if (!path.route) return;
  const auto& stations = path.route->stations;
  Way way;
  way.reserve(stations.size());
  for (const DeviceStation& station : stations) way.emplace_back(station.kind, station.device);
  Ways& ways = ways_[direction];
  if (ways.size() >= kMostWays && !ways.contains(way)) {
    ++others_;
    return;
  }
  Times& times = ways[way];
  ++times.messages;
  times.steps.resize(stations.size() - 1);
  for (std::size_t i = 0; i < times.steps.size(); ++i) {
    times.steps[i].record(stations[i + 1].time_ns - stations[i].time_ns);
  }
}

const DeviceTimes::Ways::value_type* DeviceTimes::usual(const Ways& ways) {
  const auto found = std::ranges::max_element(ways, {}, [](const auto& way) { return way.second.messages; });
  return found == ways.end() ? nullptr : &*found;
}

std::vector<DeviceStep> DeviceTimes::steps() const {
  std::vector<DeviceStep> steps;
  for (const auto& [direction, ways] : ways_) {
    const auto* const way = usual(ways);
    if (way == nullptr) continue;
    const auto station_at = [way](std::size_t i) {
      return DeviceStation{.kind = way->first[i].first, .device = way->first[i].second};
    };
    for (std::size_t i = 0; i < way->second.steps.size(); ++i) {
      steps.push_back({direction, station_at(i), station_at(i + 1), way->second.steps[i]});
    }
  }
  return steps;
}

std::uint64_t DeviceTimes::elsewhere() const {
  std::uint64_t messages = others_;
  for (const auto& [direction, ways] : ways_) {
    for (const auto& [way, times] : ways) messages += times.messages;
    messages -= usual(ways)->second.messages;
  }
  return messages;
}

DeviceTimes& DeviceTimes::operator+=(const DeviceTimes& other) {
  others_ += other.others_;
  for (const auto& [direction, ways] : other.ways_) {
    for (const auto& [way, times] : ways) {
      Times& sum = ways_[direction][way];
      sum.messages += times.messages;
      sum.steps.resize(times.steps.size());
      for (std::size_t i = 0; i < times.steps.size(); ++i) sum.steps[i].merge(times.steps[i]);
    }
  }
  return *this;
}

}  // namespace sockscope
