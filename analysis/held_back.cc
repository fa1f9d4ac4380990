#include "analysis/held_back.h"

#include <algorithm>
#include <ranges>

namespace sockscope {

Message* find_held_back(Endpoint& sender, const Packet& packet, std::uint64_t bytes) {
  auto& outbound = sender.outbound;
  const auto arrived = std::ranges::find_if(outbound.rbegin(), outbound.rend(),
                                            [](const Message& message) { return message.path.receive_ns != 0; });
  Message* last = nullptr;
  for (Message& message : std::ranges::subrange(arrived.base(), outbound.end())) {
    if (bytes == 0 || message.path.enter_ns > packet.queue_ns) break;
    bytes -= std::min(bytes, message.end - message.begin);
    packet.give_path(message.path);
    last = &message;
  }
  return last;
}

}  // namespace sockscope
