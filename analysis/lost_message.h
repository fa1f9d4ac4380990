#pragma once

#include <cstdint>
#include <functional>

namespace sockscope {

/// A datagram that was seen to be thrown away because the receiver's buffer was full (udp:udp_fail_queue_rcv_skb).
struct LostMessage {
  std::int32_t sender_tid = 0;
  std::int32_t receiver_tid = 0;  ///< Who should have received it; 0 if it never received anything before.
  std::uint64_t enter_ns = 0;     ///< Entry of the send call.
  std::uint64_t drop_ns = 0;
};

using LossSink = std::function<void(const LostMessage&)>;

}  // namespace sockscope
