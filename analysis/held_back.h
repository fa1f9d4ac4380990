#pragma once

#include <cstdint>

#include "analysis/endpoint.h"
#include "analysis/packet_table.h"

namespace sockscope {

/// Data that was queued outside of any send call: TCP had held it back when it was sent (Nagle's algorithm, a full
/// window), or sends it again. It is what its sender has sent before and nobody has seen arrive: of these messages as
/// many as `bytes` reach into get the packet's times. Returns the last of them; null if there is none.
Message* find_held_back(Endpoint& sender, const Packet& packet, std::uint64_t bytes);

}  // namespace sockscope
