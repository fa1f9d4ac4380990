#include "workloads/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace sockscope {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// The sockets API is typed by sockaddr*, of which every address family is a layout-compatible prefix.
const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }  // NOLINT
sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }                    // NOLINT

Result<UniqueFd> open_socket(Protocol protocol) {
  UniqueFd fd(socket(AF_INET, (protocol == Protocol::kTcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0));
  if (!fd) return fail(ErrorKind::kEnvironment, "cannot open a {} socket: {}", name_of(protocol), errno_text(errno));
  return fd;
}

Result<> set_option(int fd, int level, int option, int value) {
  if (setsockopt(fd, level, option, &value, sizeof value) == 0) return {};
  return fail(ErrorKind::kEnvironment, "cannot set socket option {}/{}: {}", level, option, errno_text(errno));
}

std::string why_not_bound(Protocol protocol, std::uint16_t port, int error) {
  const std::string where = fmt::format("{} port {} on 127.0.0.1", name_of(protocol), port);
  if (error == EADDRINUSE) return where + " is taken: choose another --port, or none for one that is free";
  if (error == EACCES) return where + " needs privileges: choose a --port above 1023";
  return fmt::format("cannot bind {}: {}", where, errno_text(error));
}

}  // namespace

Result<UniqueFd> bind_server(Protocol protocol, std::uint16_t port) {
  auto fd = open_socket(protocol);
  if (!fd) return fd;
  if (protocol == Protocol::kTcp) {
    // Connections of the previous run in TIME_WAIT must not make a fixed port unusable for a minute.
    if (auto set = set_option(fd->get(), SOL_SOCKET, SO_REUSEADDR, 1); !set) return pass_on(set);
  }
  const sockaddr_in address = loopback(port);
  const bool bound = bind(fd->get(), generic(address), sizeof address) == 0 &&
                     (protocol == Protocol::kUdp || listen(fd->get(), 1) == 0);
  if (!bound) return fail(ErrorKind::kEnvironment, "{}", why_not_bound(protocol, port, errno));
  return fd;
}

Result<UniqueFd> connect_to(Protocol protocol, std::uint16_t port) {
  auto fd = open_socket(protocol);
  if (!fd) return fd;
  const sockaddr_in address = loopback(port);
  if (connect(fd->get(), generic(address), sizeof address) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot connect to {} port {} on 127.0.0.1: {}", name_of(protocol), port,
                errno_text(errno));
  }
  if (protocol == Protocol::kUdp) return fd;
  if (auto set = set_option(fd->get(), IPPROTO_TCP, TCP_NODELAY, 1); !set) return pass_on(set);
  return fd;
}

Result<UniqueFd> accept_connection(int listener) {
  UniqueFd fd(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd) return fail(ErrorKind::kEnvironment, "cannot accept a connection: {}", errno_text(errno));
  if (auto set = set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1); !set) return pass_on(set);
  return fd;
}

Result<> connect_to_first_sender(int socket) {
  sockaddr_in sender{};
  socklen_t length = sizeof sender;
  char byte = 0;
  if (recvfrom(socket, &byte, sizeof byte, MSG_PEEK, generic(sender), &length) < 0 ||
      connect(socket, generic(sender), length) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot connect back to the first sender: {}", errno_text(errno));
  }
  return {};
}

Result<std::uint16_t> local_port(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  if (getsockname(socket, generic(address), &length) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot ask for the local port: {}", errno_text(errno));
  }
  return ntohs(address.sin_port);
}

std::string default_congestion_control() {
  const auto fd = open_socket(Protocol::kTcp);
  if (!fd) return "unknown";
  std::array<char, 64> name{};
  socklen_t length = name.size() - 1;
  if (getsockopt(fd->get(), IPPROTO_TCP, TCP_CONGESTION, name.data(), &length) != 0) return "unknown";
  return name.data();
}

}  // namespace sockscope
