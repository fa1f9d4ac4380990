#include "workloads/netcat/listener.h"

#include <sys/socket.h>

#include <cerrno>

namespace sockscope::netcat {
namespace {

constexpr int kBacklog = 1;

Result<> allow_sharing(int socket) {
  const int on = 1;
  if (setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0) {
    return {};
  }
  return fail(ErrorKind::kEnvironment, "cannot share the port: {}", errno_text(errno));
}

Result<UniqueFd> listen_at(const Address& address, Protocol protocol, const BufferSizes& sizes) {
  // Whoever listens waits for one thing only.
  auto fd = open_socket(address.family(), protocol, Blocking::kYes);
  if (!fd) return fd;
  if (auto shared = allow_sharing(fd->get()); !shared) return pass_on(shared);
  if (auto set = set_buffer_sizes(fd->get(), sizes); !set) return pass_on(set);
  if (bind(fd->get(), address.generic(), address.length) == 0 &&
      (protocol == Protocol::kUdp || listen(fd->get(), kBacklog) == 0)) {
    return fd;
  }
  return fail(ErrorKind::kEnvironment, "cannot listen on {} {}: {}", number_of(address), address.port(),
              errno_text(errno));
}

// A call that a stop and a continue have interrupted is made again.
template <class Call>
auto uninterrupted(const Call& call) {
  auto value = call();
  while (value < 0 && errno == EINTR) value = call();
  return value;
}

}  // namespace

Result<UniqueFd> listen_at(std::span<const Address> addresses, Protocol protocol, const BufferSizes& sizes) {
  Result<UniqueFd> listener;
  for (const Address& address : addresses) {
    listener = listen_at(address, protocol, sizes);
    if (listener) break;
  }
  return listener;
}

Result<Peer> accept_peer(int listener) {
  Peer peer;
  peer.socket.reset(uninterrupted(
      [&] { return accept4(listener, peer.address.generic(), &peer.address.length, SOCK_NONBLOCK | SOCK_CLOEXEC); }));
  if (!peer.socket) return fail(ErrorKind::kEnvironment, "cannot accept a connection: {}", errno_text(errno));
  return peer;
}

Result<Address> lock_to_first_sender(int socket) {
  Address sender;
  char byte = 0;
  const auto got =
      uninterrupted([&] { return recvfrom(socket, &byte, sizeof byte, MSG_PEEK, sender.generic(), &sender.length); });
  if (got < 0 || connect(socket, sender.generic(), sender.length) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot connect back to the first sender: {}", errno_text(errno));
  }
  return sender;
}

}  // namespace sockscope::netcat
