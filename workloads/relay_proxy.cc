#include "workloads/relay_proxy.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/monotonic_clock.h"
#include "workloads/send_message.h"

namespace sockscope {

RelayProxy::RelayProxy(int front, int back, const WorkloadSpec& spec)
    : is_tcp_(spec.protocol == Protocol::kTcp),
      buffer_(spec.size),
      request_{.in = front,
               .out = back,
               .into = RelayStation::kRequestIntoProxy,
               .out_of = RelayStation::kRequestOutOfProxy},
      response_{.in = back,
                .out = front,
                .into = RelayStation::kResponseIntoProxy,
                .out_of = RelayStation::kResponseOutOfProxy} {}

Result<> RelayProxy::run() {
  std::array<pollfd, 2> waiting{
      {{.fd = request_.in, .events = POLLIN, .revents = 0}, {.fd = response_.in, .events = POLLIN, .revents = 0}}};
  const std::array<Direction*, 2> directions{&request_, &response_};
  while (!request_.is_over || !response_.is_over) {
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "the proxy cannot wait: {}", errno_text(errno));
    }
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      if (auto forwarded = forward(*directions[i]); !forwarded) return forwarded;
      if (is_tcp_ && directions[i]->is_over) waiting[i] = {.fd = -1, .events = 0, .revents = 0};
    }
  }
  return {};
}

// A receive never goes beyond the message: each has its own stamps.
Result<> RelayProxy::forward(Direction& direction) {
  const ssize_t got = recv(direction.in, buffer_.data(), buffer_.size() - direction.position, 0);
  if (got < 0 && errno == EINTR) return {};
  if (got < 0) return fail(ErrorKind::kEnvironment, "the proxy cannot receive: {}", errno_text(errno));
  const std::uint64_t now = monotonic_now_ns();
  auto there = static_cast<std::size_t>(got);
  if (there != 0 && direction.position == 0) there = with_the_header(direction, there);
  if (there == 0) return pass_on_the_end(direction);
  const std::span<std::byte> passing(buffer_.data(), there);
  if (direction.position == 0) {
    stamp(passing, direction.into, now);
    stamp(passing, direction.out_of, monotonic_now_ns());
  }
  if (is_tcp_) direction.position = (direction.position + there) % buffer_.size();
  return send_message(direction.out, passing);
}

std::size_t RelayProxy::with_the_header(const Direction& direction, std::size_t got) {
  while (got < sizeof(RelayHeader)) {
    const ssize_t more = recv(direction.in, buffer_.data() + got, sizeof(RelayHeader) - got, 0);
    if (more == 0 || (more < 0 && errno != EINTR)) return 0;
    if (more > 0) got += static_cast<std::size_t>(more);
  }
  return got;
}

Result<> RelayProxy::pass_on_the_end(Direction& direction) const {
  direction.is_over = true;
  return send_end(direction.out, is_tcp_ ? Protocol::kTcp : Protocol::kUdp);
}

}  // namespace sockscope
