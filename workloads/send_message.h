#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <iterator>
#include <span>

#include "base/error.h"
#include "base/protocol.h"

namespace sockscope {

/// What a send of the message left over: `sent` is what it returned, just now.
Result<> send_rest(int socket, std::span<const std::byte> message, ssize_t sent);

/// Sends the whole message on a connected socket, going on after partial sends. kEnvironment if the peer is gone.
///
/// The usual case, one send that takes it all, is inline: behind a context switch nothing is predicted and little is
/// cached, and each call more can be seen in a round trip.
[[gnu::always_inline]] inline Result<> send_message(int socket, std::span<const std::byte> message) {
  const ssize_t sent = send(socket, message.data(), message.size(), MSG_NOSIGNAL);
  if (sent == std::ssize(message)) [[likely]] {
    return {};
  }
  return send_rest(socket, message, sent);
}

/// Tells the peer that nothing more comes, as netcat does: by the end of the stream (TCP) or an empty datagram (UDP).
Result<> send_end(int socket, Protocol protocol);

}  // namespace sockscope
