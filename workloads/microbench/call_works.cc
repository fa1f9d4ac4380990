#include "workloads/microbench/call_works.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "workloads/address.h"
#include "workloads/net_counters.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

/// A call that is a function of a descriptor: 0, or an errno value.
template <class Call>
class CallOn : public Work {
 public:
  CallOn(Channel channel, Call call) : channel_(std::move(channel)), call_(std::move(call)) {}
  int once() noexcept override { return call_(channel_); }

 private:
  Channel channel_;
  Call call_;
};

/// A channel whose server has a message to receive, or none.
Result<Channel> channel_with(Transport transport, Readiness readiness) {
  auto channel = Channel::open(transport);
  if (!channel || readiness == Readiness::kEmpty) return channel;
  const std::vector<std::byte> message(transport == Transport::kEventfd ? 8 : 1, std::byte{1});
  if (const int error = channel->client.send(message); error != 0) {
    return fail(ErrorKind::kEnvironment, "cannot send a message: {}", errno_text(error));
  }
  return channel;
}

template <class Call>
AnyWork call_on(Transport transport, Call call, Readiness readiness = Readiness::kEmpty) {
  auto channel = channel_with(transport, readiness);
  if (!channel) return pass_on(channel);
  return std::make_unique<CallOn<Call>>(std::move(*channel), std::move(call));
}

int errno_if(bool failed) { return failed ? errno : 0; }

/// 0 if it failed for want of a message or of room, as it is to.
int must_not_be_ready(ssize_t status) {
  if (status >= 0) return EEXIST;
  return errno == EAGAIN ? 0 : errno;
}

int set_non_blocking(int fd) { return errno_if(fcntl(fd, F_SETFL, O_NONBLOCK) != 0); }

/// A call without a channel.
template <class Call>
class Alone : public Work {
 public:
  explicit Alone(Call call) : call_(std::move(call)) {}
  int once() noexcept override { return call_(); }

 private:
  Call call_;
};

template <class Call>
AnyWork alone(Call call) {
  return std::make_unique<Alone<Call>>(std::move(call));
}

/// A delayed acknowledgement gives room once more.
constexpr std::chrono::milliseconds kLateRoom{50};

/// Writes until there is no room. Whether there was any.
bool fill(int fd, std::span<const std::byte> message) {
  bool had_room = false;
  while (write(fd, message.data(), message.size()) > 0) had_room = true;
  return had_room;
}

/// The receiver never reads: from some datagram on each is dropped.
class DroppedDatagram : public Work {
 public:
  static AnyWork make(std::size_t size) {
    auto channel = Channel::open(Transport::kUdp);
    if (!channel) return pass_on(channel);
    auto work = std::make_unique<DroppedDatagram>(std::move(*channel), size);
    constexpr int more_than_any_buffer_holds = 1'000'000;
    for (int sent = 0; sent < more_than_any_buffer_holds && work->drops_before_ == 0; ++sent) {
      if (const int error = work->channel_.client.send(work->message_); error != 0) {
        return fail(ErrorKind::kEnvironment, "cannot send a message: {}", errno_text(error));
      }
      work->drops_before_ = socket_drops(work->channel_.server.in());
    }
    if (work->drops_before_ == 0) return fail(ErrorKind::kEnvironment, "this kernel counts no drops of a socket");
    return work;
  }

  DroppedDatagram(Channel channel, std::size_t size) : channel_(std::move(channel)), message_(size, std::byte{1}) {}

  int once() noexcept override {
    ++sent_;
    return channel_.client.send(message_);
  }
  int finish() noexcept override { return socket_drops(channel_.server.in()) - drops_before_ == sent_ ? 0 : EBADMSG; }

 private:
  Channel channel_;
  std::vector<std::byte> message_;
  std::uint64_t drops_before_ = 0;
  std::uint64_t sent_ = 0;
};

int family_of(Transport transport) {
  return transport == Transport::kTcp || transport == Transport::kUdp ? AF_INET : AF_UNIX;
}
int type_of(Transport transport) { return keeps_boundaries(transport) ? SOCK_DGRAM : SOCK_STREAM; }

int open_socket_of(Transport transport) { return socket(family_of(transport), type_of(transport) | SOCK_CLOEXEC, 0); }

/// Any free port of 127.0.0.1; of UNIX sockets a name that the kernel chooses (unix(7), autobind).
int bind_anywhere(int socket, Transport transport) {
  if (family_of(transport) == AF_UNIX) {
    const sockaddr address{.sa_family = AF_UNIX};
    return errno_if(bind(socket, &address, sizeof address.sa_family) != 0);
  }
  sockaddr_in address{.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  return errno_if(bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0);  // NOLINT: bind(2)
}

class Connection : public Work {
 public:
  Connection(UniqueFd listener, const Address& server) : listener_(std::move(listener)), server_(server) {}

  int once() noexcept override {
    const UniqueFd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!client) return errno;
    // Closed by a reset: a port that waits for late segments (TIME_WAIT) could not be used again for a minute.
    const linger reset{.l_onoff = 1, .l_linger = 0};
    if (setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset) != 0) return errno;
    if (connect(client.get(), server_.get(), server_.size()) != 0) return errno;
    const UniqueFd accepted(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    return errno_if(!accepted);
  }

 private:
  UniqueFd listener_;
  Address server_;
};

Result<std::pair<UniqueFd, Address>> bound_tcp(int backlog) {
  auto bound = bind_server(Protocol::kTcp, 0, {}, backlog);
  if (!bound) return pass_on(bound);
  const auto port = local_port(bound->get());
  if (!port) return std::unexpected(port.error());
  const auto address = server_address({}, *port);
  if (!address) return std::unexpected(address.error());
  return std::pair{std::move(*bound), *address};
}

}  // namespace

AnyWork getsockname_call(Transport transport) {
  return call_on(transport, [](const Channel& channel) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    return errno_if(getsockname(channel.server.in(), reinterpret_cast<sockaddr*>(&address), &length) != 0);  // NOLINT
  });
}

AnyWork receive_empty(Transport transport) {
  return call_on(transport, [](const Channel& channel) {
    char byte = 0;
    return must_not_be_ready(recv(channel.server.in(), &byte, 1, MSG_DONTWAIT));
  });
}

AnyWork send_full(Transport transport, std::size_t size) {
  if (transport == Transport::kUdp) return DroppedDatagram::make(size);
  auto channel = Channel::open(transport);
  if (!channel) return pass_on(channel);
  std::vector<std::byte> message(size, std::byte{1});
  if (const int error = set_non_blocking(channel->client.out()); error != 0) {
    return fail(ErrorKind::kEnvironment, "cannot make a descriptor non-blocking: {}", errno_text(error));
  }
  while (fill(channel->client.out(), message)) std::this_thread::sleep_for(kLateRoom);
  auto call = [message = std::move(message)](const Channel& full) {
    return must_not_be_ready(write(full.client.out(), message.data(), message.size()));
  };
  return std::make_unique<CallOn<decltype(call)>>(std::move(*channel), std::move(call));
}

AnyWork poll_call(Transport transport, Readiness readiness) {
  const int expected = readiness == Readiness::kReady ? 1 : 0;
  return call_on(
      transport,
      [expected](const Channel& channel) {
        pollfd wanted{.fd = channel.server.in(), .events = POLLIN, .revents = 0};
        const int ready = poll(&wanted, 1, 0);
        return ready == expected ? 0 : (ready < 0 ? errno : EBADMSG);
      },
      readiness);
}

AnyWork epoll_call(Transport transport, Readiness readiness) {
  UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail(ErrorKind::kEnvironment, "cannot open an epoll descriptor: {}", errno_text(errno));
  auto channel = channel_with(transport, readiness);
  if (!channel) return pass_on(channel);
  epoll_event wanted{.events = EPOLLIN, .data = {}};
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, channel->server.in(), &wanted) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot watch a descriptor: {}", errno_text(errno));
  }
  const int expected = readiness == Readiness::kReady ? 1 : 0;
  auto call = [epoll = std::move(epoll), expected](const Channel& /*watched*/) {
    epoll_event event{};
    const int ready = epoll_wait(epoll.get(), &event, 1, 0);
    return ready == expected ? 0 : (ready < 0 ? errno : EBADMSG);
  };
  return std::make_unique<CallOn<decltype(call)>>(std::move(*channel), std::move(call));
}

AnyWork setsockopt_call(Transport transport) {
  return call_on(transport, [](const Channel& channel) {
    constexpr int one = 1;
    return errno_if(setsockopt(channel.server.in(), SOL_SOCKET, SO_RCVLOWAT, &one, sizeof one) != 0);
  });
}

AnyWork socket_call(Transport transport) {
  return alone([transport]() noexcept { return errno_if(!UniqueFd(open_socket_of(transport))); });
}

AnyWork bind_call(Transport transport) {
  return alone([transport]() noexcept {
    const UniqueFd socket(open_socket_of(transport));
    return socket ? bind_anywhere(socket.get(), transport) : errno;
  });
}

AnyWork listen_call() {
  return alone([]() noexcept {
    const UniqueFd socket(open_socket_of(Transport::kTcp));
    if (!socket) return errno;
    if (const int error = bind_anywhere(socket.get(), Transport::kTcp); error != 0) return error;
    return errno_if(listen(socket.get(), 1) != 0);
  });
}

AnyWork connection() {
  constexpr int backlog = 16;
  auto bound = bound_tcp(backlog);
  if (!bound) return pass_on(bound);
  return std::make_unique<Connection>(std::move(bound->first), bound->second);
}

AnyWork refused_connection() {
  auto bound = bound_tcp(kNotListening);
  if (!bound) return pass_on(bound);
  return alone([bound = std::move(*bound)]() noexcept {
    const UniqueFd client(open_socket_of(Transport::kTcp));
    if (!client) return errno;
    if (connect(client.get(), bound.second.get(), bound.second.size()) == 0) return EISCONN;
    return errno == ECONNREFUSED ? 0 : errno;
  });
}

}  // namespace sockscope
