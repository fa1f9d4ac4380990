#include "analysis/kernel_sockets.h"

#include <utility>

namespace sockscope {

bool KernelSockets::is_theirs(const InetSockSetState& event, bool by_program) const {
  if (by_program || sockets_.find(event.skaddr) != nullptr) return true;
  return event.oldstate == tcp_state::kListen && listeners_.find(event.sport) != nullptr;
}

bool KernelSockets::change(const InetSockSetState& event, bool by_program) {
  if (!is_theirs(event, by_program)) return false;
  sockets_[event.skaddr] = {.protocol = Protocol::kTcp};
  if (event.newstate == tcp_state::kListen) ++listeners_[event.sport];
  if (event.newstate != tcp_state::kClose) return true;
  sockets_.erase(event.skaddr);
  std::uint32_t* const listening = listeners_.find(event.sport);
  if (event.oldstate == tcp_state::kListen && listening != nullptr && --*listening == 0) listeners_.erase(event.sport);
  return true;
}

std::uint32_t KernelSockets::add(std::uint64_t sk, Protocol protocol) {
  Socket& socket = sockets_[sk];
  socket.protocol = protocol;
  return std::exchange(socket.unread, 0);
}

void KernelSockets::add_unread(std::uint64_t sk) {
  if (Socket* const socket = sockets_.find(sk)) ++socket->unread;
}

std::optional<Protocol> KernelSockets::find(std::uint64_t sk) const {
  const Socket* const found = sockets_.find(sk);
  return found == nullptr ? std::nullopt : std::optional(found->protocol);
}

}  // namespace sockscope
