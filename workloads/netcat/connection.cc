#include "workloads/netcat/connection.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace sockscope::netcat {
namespace {

Result<> set_buffer(int socket, int option, const std::optional<int>& size) {
  if (!size || setsockopt(socket, SOL_SOCKET, option, &*size, sizeof *size) == 0) return {};
  return fail(ErrorKind::kEnvironment, "cannot set the buffer of the socket to {} bytes: {}", *size, errno_text(errno));
}

int wait_writable(int socket, std::optional<std::chrono::seconds> timeout) {
  using std::chrono::milliseconds;
  const auto timeout_ms = timeout ? static_cast<int>(milliseconds(*timeout).count()) : -1;
  pollfd writable{socket, POLLOUT, 0};
  int ready = 0;
  do {
    ready = poll(&writable, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  return ready;
}

}  // namespace

Result<> set_buffer_sizes(int socket, const BufferSizes& sizes) {
  auto set = set_buffer(socket, SO_RCVBUF, sizes.receive_bytes);
  return set ? set_buffer(socket, SO_SNDBUF, sizes.send_bytes) : set;
}

Result<UniqueFd> open_socket(int family, Protocol protocol, Blocking blocking) {
  const bool udp = protocol == Protocol::kUdp;
  const int flags = SOCK_CLOEXEC | (blocking == Blocking::kYes ? 0 : SOCK_NONBLOCK);
  UniqueFd fd(socket(family, (udp ? SOCK_DGRAM : SOCK_STREAM) | flags, udp ? IPPROTO_UDP : IPPROTO_TCP));
  if (!fd) return fail(ErrorKind::kEnvironment, "cannot open a {} socket: {}", name_of(protocol), errno_text(errno));
  return fd;
}

Result<> bind_source(int socket, const Address& source) {
  if (bind(socket, source.generic(), source.length) == 0) return {};
  return fail(ErrorKind::kEnvironment, "bind failed: {}", errno_text(errno));
}

ConnectOutcome connect_within(int socket, const Address& address, std::optional<std::chrono::seconds> timeout) {
  if (connect(socket, address.generic(), address.length) == 0) return {};
  if (errno != EINPROGRESS) return {.connected = Connected::kRefused, .error = errno};
  const int ready = wait_writable(socket, timeout);
  if (ready == 0) return {.connected = Connected::kTimedOut};
  int error = errno;
  socklen_t length = sizeof error;
  if (ready > 0 && getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  return {.connected = error == 0 ? Connected::kYes : Connected::kRefused, .error = error};
}

}  // namespace sockscope::netcat
