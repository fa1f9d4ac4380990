#include "workloads/send_message.h"

#include <cerrno>

namespace sockscope {

Result<> send_rest(int socket, std::span<const std::byte> message, ssize_t sent) {
  while (true) {
    if (sent == std::ssize(message)) return {};
    if (sent >= 0) {
      message = message.subspan(static_cast<std::size_t>(sent));
    } else if (errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot send: {}", errno_text(errno));
    }
    sent = send(socket, message.data(), message.size(), MSG_NOSIGNAL);
  }
}

Result<> send_end(int socket, Protocol protocol) {
  const bool told =
      protocol == Protocol::kTcp ? shutdown(socket, SHUT_WR) == 0 : send(socket, nullptr, 0, MSG_NOSIGNAL) == 0;
  // Who has been told by a mark before this one, whose answer was lost, is gone: its port refuses the next.
  if (told || (protocol == Protocol::kUdp && errno == ECONNREFUSED)) return {};
  return fail(ErrorKind::kEnvironment, "cannot tell the other end that the run is over: {}", errno_text(errno));
}

}  // namespace sockscope
