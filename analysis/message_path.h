#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "analysis/device_route.h"
#include "analysis/stage.h"

namespace sockscope {

/// The times of one message on its way, nanoseconds of the recording's clock; 0 where the event was not seen. The skb
/// is the one that completed the message: the last of several.
struct MessagePath {
  std::uint64_t enter_ns = 0;    ///< Entry of the send call.
  std::uint64_t queue_ns = 0;    ///< net:net_dev_queue; of several devices the first one.
  std::uint64_t rx_ns = 0;       ///< net:netif_rx; the last one. A device without: when the one before had it received.
  std::uint64_t receive_ns = 0;  ///< net:netif_receive_skb; the last one.
  std::uint64_t ready_ns = 0;    ///< sock:sk_data_ready; 0 on kernels without it, or when the reader was faster.
  std::uint64_t waking_ns = 0;   ///< sched:sched_waking of the receiver; 0 if it had not blocked.
  std::uint64_t switch_ns = 0;   ///< The receiver's switch onto a CPU; 0 if it had not blocked.
  std::uint64_t exit_ns = 0;     ///< Exit of the receive call that completed the message.
  std::shared_ptr<const DeviceRoute> route{};  ///< From queue_ns to receive_ns; null on loopback.

  /// Everything was seen that every message must have.
  [[nodiscard]] bool is_complete() const { return queue_ns != 0 && rx_ns != 0 && receive_ns != 0 && exit_ns != 0; }
};

/// The duration of each of kMessageStages, by position. An absent stage is empty, never 0, and its neighbours meet:
/// without a wake-up `receive` ends at sk_data_ready and `deliver` starts there; without that event either, `receive`
/// is part of `deliver`. A wake-up without a switch-in is part of `deliver` as well.
using StageTimes = std::array<std::optional<std::int64_t>, kMessageStages.size()>;

/// Cuts a complete path into its stages. They add up to exit - enter by construction, unless an event came at a time
/// that makes no sense: then one of them is negative, and the caller counts the message as unsound.
StageTimes stages_of(const MessagePath& path);

}  // namespace sockscope
