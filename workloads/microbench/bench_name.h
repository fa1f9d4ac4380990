#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Names of benchmarks: <what>/<transport>/<bytes>[/<placement>].
namespace sockscope {

/// The floor of a benchmark whose messages are received where it says: a message through an eventfd in the same
/// placement, what handing over 8 bytes costs by itself. "message/eventfd/8/thread" of "zerocopy/tcp/16384/thread",
/// "round_trip/eventfd/8/processes" of "round_trip/tcp/64/processes"; nothing without a placement.
[[nodiscard]] std::optional<std::string> floor_of(std::string_view name);

}  // namespace sockscope
