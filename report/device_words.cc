#include "report/device_words.h"

#include <fmt/format.h>

#include <string_view>

namespace sockscope {
namespace {

std::string_view short_name(NetDevice device) {
  std::string_view name = name_of(device);
  if (name.starts_with(kOwnDevicePrefix)) name.remove_prefix(kOwnDevicePrefix.size());
  return name;
}

}  // namespace

std::string text_of(const DeviceStep& step) {
  using enum DeviceStation::Kind;
  const std::string_view from = short_name(step.from.device);
  const std::string_view to = short_name(step.to.device);
  if (step.to.kind == kReceived && step.from.device == step.to.device) return fmt::format("{}, backlog", to);
  if (step.to.kind == kReceived) return fmt::format("{} hands to {}", from, to);
  if (step.to.kind == kArrived) return fmt::format("{} to {}", from, to);
  return step.from.kind == kQueued ? fmt::format("{} sends through {}", from, to)
                                   : fmt::format("{} passes on to {}", from, to);
}

}  // namespace sockscope
