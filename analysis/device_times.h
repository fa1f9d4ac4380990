#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "analysis/device_route.h"
#include "analysis/message_path.h"
#include "analysis/stage.h"
#include "base/histogram.h"

namespace sockscope {

/// The time between two stations, one after the other, of the messages of one direction.
struct DeviceStep {
  Direction direction = Direction::kRequest;
  DeviceStation from;  ///< Without time.
  DeviceStation to;
  Histogram durations;
};

/// Where the stages `device` and `backlog` go, device by device: what stands between a message's first net_dev_queue
/// and its last netif_receive_skb. The steps of a message add up to the two stages exactly.
class DeviceTimes {
 public:
  /// Whether the message's route, if it has one, leads from where the two stages begin to where they end, forwards.
  [[nodiscard]] static bool fits(const MessagePath& path);

  /// A message whose route fits. One without had one device.
  void add(Direction direction, const MessagePath& path);

  /// Those of the way that most messages of each direction went, in order; empty where there is one device.
  [[nodiscard]] std::vector<DeviceStep> steps() const;
  /// Messages that went another way than most of their direction.
  [[nodiscard]] std::uint64_t elsewhere() const;

  DeviceTimes& operator+=(const DeviceTimes& other);

 private:
  using Way = std::vector<std::pair<DeviceStation::Kind, NetDevice>>;
  struct Times {
    std::uint64_t messages = 0;
    std::vector<Histogram> steps;
  };
  using Ways = std::map<Way, Times>;

  static const Ways::value_type* usual(const Ways& ways);

  /// A topology has one or two; a recording may be made to have any number.
  static constexpr std::size_t kMostWays = 16;
  std::map<Direction, Ways> ways_;
  std::uint64_t others_ = 0;
};

}  // namespace sockscope
