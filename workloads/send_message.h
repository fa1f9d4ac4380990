#pragma once

#include <cstddef>
#include <span>

#include "base/error.h"
#include "base/protocol.h"

namespace sockscope {

/// Sends the whole message on a connected socket, going on after partial sends. kEnvironment if the peer is gone.
Result<> send_message(int socket, std::span<const std::byte> message);

/// Tells the peer that nothing more comes, as netcat does: by the end of the stream (TCP) or an empty datagram (UDP).
Result<> send_end(int socket, Protocol protocol);

}  // namespace sockscope
