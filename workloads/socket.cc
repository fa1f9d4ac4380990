#include "workloads/socket.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace sockscope {
namespace {

std::string why_not_bound(Protocol protocol, const Address& address, int error) {
  const std::string where = fmt::format("{} port {} on {}", name_of(protocol), address.port(), address.host());
  if (error == EADDRINUSE) return where + " is taken: choose another --port, or none for one that is free";
  if (error == EACCES) return where + " needs privileges: choose a --port above 1023";
  if (error == EADDRNOTAVAIL) return fmt::format("--bind {}: this machine has no such address", address.host());
  return fmt::format("cannot bind {}: {}", where, errno_text(error));
}

Result<Address> address_of(const std::string& text, const SocketOptions& options, std::uint16_t port) {
  if (text.empty()) return Address::loopback(options.ip, port);
  return Address::parse(options.ip, text, port);
}

}  // namespace

Result<UniqueFd> open_socket(Protocol protocol, const SocketOptions& options) {
  const int family = options.ip == IpVersion::kV6 ? AF_INET6 : AF_INET;
  UniqueFd fd(socket(family, (protocol == Protocol::kTcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0));
  if (!fd && errno == EAFNOSUPPORT) {
    return fail(ErrorKind::kEnvironment, "-6: this kernel has no IPv6, or it is switched off");
  }
  if (!fd) return fail(ErrorKind::kEnvironment, "cannot open a {} socket: {}", name_of(protocol), errno_text(errno));
  if (auto set = apply(options, protocol, fd.get()); !set) return pass_on(set);
  return fd;
}

Result<Address> server_address(const SocketOptions& options, std::uint16_t port) {
  return address_of(options.server_address, options, port);
}

Result<> bind_client(int socket, const SocketOptions& options) {
  if (options.client_address.empty()) return {};
  const auto address = address_of(options.client_address, options, 0);
  if (!address) return std::unexpected(address.error());
  // The port is chosen when the socket connects: two connections to different servers may share it.
  const int late = 1;
  (void)setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof late);
  if (bind(socket, address->get(), address->size()) == 0) return {};
  return fail(ErrorKind::kEnvironment, "--bind {}: {}", address->host(),
              errno == EADDRNOTAVAIL ? "this machine has no such address" : errno_text(errno));
}

Result<UniqueFd> bind_server(Protocol protocol, std::uint16_t port, const SocketOptions& options, int backlog) {
  auto fd = open_socket(protocol, options);
  if (!fd) return fd;
  if (protocol == Protocol::kTcp) {
    // Connections of the previous run in TIME_WAIT must not make a fixed port unusable for a minute.
    const int reuse = 1;
    (void)setsockopt(fd->get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  }
  const auto address = server_address(options, port);
  if (!address) return std::unexpected(address.error());
  const bool bound = bind(fd->get(), address->get(), address->size()) == 0 &&
                     (protocol == Protocol::kUdp || backlog == kNotListening || listen(fd->get(), backlog) == 0);
  if (!bound) return fail(ErrorKind::kEnvironment, "{}", why_not_bound(protocol, *address, errno));
  return fd;
}

std::string why_not_connected(Protocol protocol, const Address& server, const SocketOptions& options, int error) {
  std::string where =
      fmt::format("cannot connect to {} port {} on {}", name_of(protocol), server.port(), server.host());
  if (!options.device.empty()) where += fmt::format(" through {}", options.device);
  if (error == EADDRNOTAVAIL) {
    return where + ": no local port is free, the last minute's connections hold them in TIME_WAIT: lower --count";
  }
  if (error == EINTR) return where + ": no answer came in time: is its interface up?";
  if (error == ENETUNREACH || error == EHOSTUNREACH) return where + ": no route leads there (see ip route get)";
  return fmt::format("{}: {}", where, errno_text(error));
}

int connect_socket(int socket, const Address& server) {
  if (connect(socket, server.get(), server.size()) == 0) return 0;
  if (errno != EINTR) return errno;
  // Interrupted, it goes on by itself (connect(2)); its end shows as writability, and its outcome in SO_ERROR.
  pollfd polled{.fd = socket, .events = POLLOUT, .revents = 0};
  if (poll(&polled, 1, -1) < 0) return errno;
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

Result<UniqueFd> connect_to(Protocol protocol, std::uint16_t port, const SocketOptions& options) {
  auto fd = open_socket(protocol, options);
  if (!fd) return fd;
  if (auto bound = bind_client(fd->get(), options); !bound) return pass_on(bound);
  const auto server = server_address(options, port);
  if (!server) return std::unexpected(server.error());
  if (const int error = connect_socket(fd->get(), *server); error != 0) {
    return fail(ErrorKind::kEnvironment, "{}", why_not_connected(protocol, *server, options, error));
  }
  return fd;
}

Result<UniqueFd> accept_connection(int listener, const SocketOptions& options) {
  UniqueFd fd(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd) return fail(ErrorKind::kEnvironment, "cannot accept a connection: {}", errno_text(errno));
  if (auto set = apply(options, Protocol::kTcp, fd.get()); !set) return pass_on(set);
  return fd;
}

Result<> connect_to_first_sender(int socket) {
  Address sender;
  char byte = 0;
  if (recvfrom(socket, &byte, sizeof byte, MSG_PEEK, sender.get(), sender.capacity()) < 0 ||
      connect(socket, sender.get(), sender.size()) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot connect back to the first sender: {}", errno_text(errno));
  }
  return {};
}

Result<std::uint16_t> local_port(int socket) {
  const auto address = Address::local_of(socket);
  if (!address) return std::unexpected(address.error());
  return address->port();
}

std::string default_congestion_control() {
  const auto fd = open_socket(Protocol::kTcp, {});
  if (!fd) return "unknown";
  std::array<char, 64> name{};
  socklen_t length = name.size() - 1;
  if (getsockopt(fd->get(), IPPROTO_TCP, TCP_CONGESTION, name.data(), &length) != 0) return "unknown";
  return name.data();
}

}  // namespace sockscope
