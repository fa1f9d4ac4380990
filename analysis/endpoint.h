#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "analysis/message_path.h"
#include "base/protocol.h"

namespace sockscope {

/// A message on its way: sent by an endpoint and not yet received whole.
struct Message {
  std::uint64_t number = 0;  ///< Of its endpoint's messages, counted from 0.
  std::uint64_t begin = 0;   ///< Byte offset of its first byte in the endpoint's stream ...
  std::uint64_t end = 0;     ///< ... and of the byte behind its last one.
  MessagePath path;
  bool is_dropped = false;  ///< The receiver's buffer was full; counted as such.
};

/// One socket as one thread uses it, or as all do where SessionAnalysis tells sockets apart: the sending side of one
/// direction and the receiving side of the other.
struct Endpoint {
  static constexpr std::int32_t kNobody = -1;

  std::int32_t tid = 0;  ///< The thread; of several, the one that used it last.
  std::int32_t pid = 0;  ///< 0 until an event named the socket.
  int fd = -1;
  std::uint64_t sk = 0;  ///< The kernel's socket; 0 until an event named it.
  std::optional<Protocol> protocol;
  std::int32_t peer = kNobody;  ///< Index of the other end.
  bool has_heard_peer = false;  ///< Something was received since they became peers.
  std::uint64_t peer_sk = 0;    ///< Where its packets were seen to arrive; 0 until then.
  bool is_client = false;       ///< It sent the flow's first message; where that is known, it connected.
  bool is_accepted = false;     ///< accept(2) made it: never the client.
  bool is_whole = false;        ///< Followed since it was made: `sent` and `received` lack nothing.

  /// More than any socket buffer holds of small messages; then the oldest one's arrival was not recorded.
  static constexpr std::size_t kMostOutbound = 65'536;
  std::deque<Message> outbound;  ///< Sent, not received yet; in order.
  std::uint64_t messages = 0;    ///< Ever sent.
  std::uint64_t sent = 0;        ///< Bytes.
  std::uint64_t received = 0;    ///< Bytes of the peer's stream.

  std::uint64_t last_send_ns = 0;  ///< Entry of its last send call.

  std::uint64_t last_response_ns = 0;  ///< Client only: the end of its last round trip.

  /// Client only: its requests that arrived, until the response to them, or to a later one, does.
  static constexpr std::size_t kMostUnanswered = 64;
  std::deque<MessagePath> requests;

  [[nodiscard]] std::uint64_t first_outbound_byte() const { return outbound.empty() ? sent : outbound.front().begin; }

  /// Of datagrams: the oldest one will never be received. It was dropped, or another one overtook it.
  [[nodiscard]] bool has_lost_first() const {
    if (outbound.empty()) return false;
    const Message& first = outbound.front();
    return first.is_dropped || (first.path.receive_ns == 0 && outbound.size() > 1);
  }

  /// The message with that number, if it is still on its way.
  [[nodiscard]] Message* find(std::uint64_t number) {
    if (outbound.empty() || number < outbound.front().number) return nullptr;
    const std::uint64_t at = number - outbound.front().number;
    return at < outbound.size() ? &outbound[at] : nullptr;
  }
};

}  // namespace sockscope
