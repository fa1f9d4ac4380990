#include "workloads/microbench/waiter.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>

#include "base/monotonic_clock.h"

namespace sockscope {
namespace {

constexpr std::chrono::milliseconds kPatience{1'000};
constexpr int kPollPatience = static_cast<int>(kPatience.count());

/// Asks until something is ready; 0, or an errno value. Ticks of ReceiveTimer are borne as End::receive() does.
template <class Ask>
int wait_until_ready(const Ask& ask) noexcept {
  for (int interruptions = 0; interruptions < 2; ++interruptions) {
    const int ready = ask();
    if (ready > 0) return 0;
    if (ready == 0) return ETIMEDOUT;
    if (errno != EINTR) return errno;
  }
  return ETIMEDOUT;
}

}  // namespace

std::string_view name_of(Waiting waiting) {
  constexpr std::array<std::string_view, 6> names{"block", "poll", "epoll-level", "epoll-edge", "rcvlowat", "busy"};
  return names.at(static_cast<std::size_t>(waiting));
}

Result<Waiter> Waiter::open(const End& end, Waiting waiting, std::size_t size) {
  Waiter waiter(end, waiting);
  if (waiting == Waiting::kLowWater) {
    const int bytes = static_cast<int>(size);
    if (setsockopt(end.in(), SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes) != 0) {
      return fail(ErrorKind::kEnvironment, "this kernel refuses SO_RCVLOWAT: {}", errno_text(errno));
    }
  }
  if (waiting != Waiting::kEpollLevel && waiting != Waiting::kEpollEdge) return waiter;
  waiter.epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  epoll_event wanted{.events = EPOLLIN | (waiting == Waiting::kEpollEdge ? static_cast<unsigned>(EPOLLET) : 0U),
                     .data = {}};
  if (!waiter.epoll_ || epoll_ctl(waiter.epoll_.get(), EPOLL_CTL_ADD, end.in(), &wanted) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot watch a descriptor by epoll: {}", errno_text(errno));
  }
  return waiter;
}

int Waiter::receive(std::span<std::byte> message) noexcept {
  switch (waiting_) {
    case Waiting::kBlock:
    case Waiting::kLowWater:
      return end_->receive(message);
    case Waiting::kPoll:
      return receive_by_poll(message);
    case Waiting::kEpollLevel:
    case Waiting::kEpollEdge:
      return receive_by_epoll(message);
    case Waiting::kBusy:
      return receive_busily(message);
  }
  return EINVAL;
}

int Waiter::receive_by_poll(std::span<std::byte> message) noexcept {
  pollfd wanted{.fd = end_->in(), .events = POLLIN, .revents = 0};
  const int error = wait_until_ready([&wanted] { return poll(&wanted, 1, kPollPatience); });
  if (error != 0) return error;
  return end_->receive(message);
}

int Waiter::receive_by_epoll(std::span<std::byte> message) noexcept {
  epoll_event event{};
  const int waited = wait_until_ready([&] { return epoll_wait(epoll_.get(), &event, 1, kPollPatience); });
  if (waited != 0) return waited;
  if (const int error = end_->receive(message); error != 0) return error;
  if (waiting_ == Waiting::kEpollLevel) return 0;
  std::byte more{};
  const int drained = end_->receive(std::span(&more, 1), MSG_DONTWAIT);
  return drained == EAGAIN ? 0 : (drained == 0 ? EMSGSIZE : drained);
}

int Waiter::receive_busily(std::span<std::byte> message) noexcept {
  constexpr unsigned between_looks = 4'096;
  const std::uint64_t start = monotonic_now_ns();
  for (unsigned tries = 1;; ++tries) {
    const int error = end_->receive(message, MSG_DONTWAIT);
    if (error != EAGAIN) return error;
    const bool looks = tries % between_looks == 0;
    if (looks && std::chrono::nanoseconds(monotonic_now_ns() - start) > kPatience) return ETIMEDOUT;
  }
}

}  // namespace sockscope
