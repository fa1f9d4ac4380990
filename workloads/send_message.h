#pragma once

#include <cstddef>
#include <span>

#include "base/error.h"

namespace sockscope {

/// Sends the whole message on a connected socket, going on after partial sends. kEnvironment if the peer is gone.
Result<> send_message(int socket, std::span<const std::byte> message);

}  // namespace sockscope
