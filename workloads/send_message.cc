#include "workloads/send_message.h"

#include <sys/socket.h>

#include <cerrno>

namespace sockscope {

Result<> send_message(int socket, std::span<const std::byte> message) {
  while (true) {
    const ssize_t sent = send(socket, message.data(), message.size(), MSG_NOSIGNAL);
    if (sent == std::ssize(message)) return {};
    if (sent >= 0) {
      message = message.subspan(static_cast<std::size_t>(sent));
    } else if (errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot send: {}", errno_text(errno));
    }
  }
}

Result<> send_end(int socket, Protocol protocol) {
  const bool told =
      protocol == Protocol::kTcp ? shutdown(socket, SHUT_WR) == 0 : send(socket, nullptr, 0, MSG_NOSIGNAL) == 0;
  if (told) return {};
  return fail(ErrorKind::kEnvironment, "cannot tell the other end that the run is over: {}", errno_text(errno));
}

}  // namespace sockscope
