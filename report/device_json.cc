#include "report/device_json.h"

#include <cmath>

#include "report/device_words.h"

namespace sockscope {
namespace {

Json station_part(const DeviceStation& station) {
  constexpr std::array events{"net:net_dev_queue", "net:netif_rx", "net:netif_receive_skb"};
  return {{"event", events.at(static_cast<std::size_t>(station.kind))}, {"device", name_of(station.device)}};
}

}  // namespace

Json devices_part(const std::vector<DeviceStep>& steps) {
  Json list = Json::array();
  for (const DeviceStep& step : steps) {
    list.push_back({{"direction", name_of(step.direction)},
                    {"name", text_of(step)},
                    {"from", station_part(step.from)},
                    {"to", station_part(step.to)},
                    {"count", step.durations.count()},
                    {"p50_ns", step.durations.quantile(0.5)},
                    {"mean_ns", std::llround(step.durations.mean())},
                    {"sum_ns", step.durations.sum()}});
  }
  return list;
}

}  // namespace sockscope
