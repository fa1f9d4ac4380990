#include "tests/netcat/plain_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <limits>
#include <stdexcept>
#include <utility>

#include "base/error.h"

namespace sockscope::testing {
namespace {

constexpr std::chrono::milliseconds kPatience{5'000};

long checked(long result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + errno_text(errno));
  return result;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// The sockets API is typed by sockaddr*, of which every address family is a layout-compatible prefix.
sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }  // NOLINT

UniqueFd open_socket(int type) {
  return UniqueFd(static_cast<int>(checked(socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket")));
}

void bind_to_loopback(int fd) {
  sockaddr_in address = loopback(0);
  checked(bind(fd, generic(address), sizeof address), "bind");
}

std::uint16_t local_port(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  checked(getsockname(fd, generic(address), &length), "getsockname");
  return ntohs(address.sin_port);
}

bool becomes_readable(int fd, std::chrono::milliseconds patience) {
  pollfd readable{fd, POLLIN, 0};
  return poll(&readable, 1, static_cast<int>(patience.count())) == 1;
}

void wait_readable(int fd) {
  if (!becomes_readable(fd, kPatience)) throw std::runtime_error("nothing came");
}

std::string receive_once(int fd, std::size_t most) {
  wait_readable(fd);
  std::string bytes(most, '\0');
  bytes.resize(static_cast<std::size_t>(checked(recv(fd, bytes.data(), bytes.size(), 0), "recv")));
  return bytes;
}

}  // namespace

PlainConnection PlainConnection::to(std::uint16_t port) {
  PlainConnection connection(open_socket(SOCK_STREAM));
  sockaddr_in address = loopback(port);
  checked(connect(connection.fd_.get(), generic(address), sizeof address), "connect");
  return connection;
}

void PlainConnection::send(const std::string& bytes) const {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const long some = checked(::send(fd_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL), "send");
    sent += static_cast<std::size_t>(some);
  }
}

void PlainConnection::shut_down() const { checked(shutdown(fd_.get(), SHUT_WR), "shutdown"); }

void PlainConnection::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  checked(setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "setsockopt");
  fd_.reset();
}

std::string PlainConnection::receive(std::size_t bytes) const {
  std::string all;
  while (all.size() < bytes) {
    const std::string some = receive_once(fd_.get(), bytes - all.size());
    if (some.empty()) throw std::runtime_error("the connection ended after: " + all);
    all += some;
  }
  return all;
}

std::string PlainConnection::receive_to_the_end() const {
  std::string all;
  for (std::string some; !(some = receive_once(fd_.get(), 65'536)).empty();) all += some;
  return all;
}

bool PlainConnection::hears_nothing_for(std::chrono::milliseconds patience) const {
  return !becomes_readable(fd_.get(), patience);
}

std::uint16_t PlainConnection::peer_port() const {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  checked(getpeername(fd_.get(), generic(address), &length), "getpeername");
  return ntohs(address.sin_port);
}

PlainListener::PlainListener(int backlog) : fd_(open_socket(SOCK_STREAM)) {
  bind_to_loopback(fd_.get());
  checked(listen(fd_.get(), backlog), "listen");
}

std::uint16_t PlainListener::port() const { return local_port(fd_.get()); }

PlainConnection PlainListener::accept() const {
  wait_readable(fd_.get());
  return PlainConnection(
      UniqueFd(static_cast<int>(checked(accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"))));
}

PlainReceiver::PlainReceiver() : fd_(open_socket(SOCK_DGRAM)) { bind_to_loopback(fd_.get()); }

std::uint16_t PlainReceiver::port() const { return local_port(fd_.get()); }

std::string PlainReceiver::receive() {
  wait_readable(fd_.get());
  std::string datagram(std::numeric_limits<std::uint16_t>::max(), '\0');
  sockaddr_in sender{};
  socklen_t length = sizeof sender;
  const long got =
      checked(recvfrom(fd_.get(), datagram.data(), datagram.size(), 0, generic(sender), &length), "recvfrom");
  datagram.resize(static_cast<std::size_t>(got));
  last_sender_ = ntohs(sender.sin_port);
  return datagram;
}

std::vector<std::string> PlainReceiver::receive_all(std::chrono::milliseconds patience) {
  std::vector<std::string> all;
  while (becomes_readable(fd_.get(), patience)) all.push_back(receive());
  return all;
}

void PlainReceiver::answer(const std::string& datagram) const { send_to(last_sender_, datagram); }

void PlainReceiver::send_to(std::uint16_t port, const std::string& datagram) const {
  sockaddr_in address = loopback(port);
  checked(sendto(fd_.get(), datagram.data(), datagram.size(), 0, generic(address), sizeof address), "sendto");
}

}  // namespace sockscope::testing
