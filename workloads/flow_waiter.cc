#include "workloads/flow_waiter.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace sockscope {
namespace {

constexpr std::size_t kMostEvents = 64;

}  // namespace

Result<FlowWaiter> FlowWaiter::make(PollMode mode, std::span<const int> sockets) {
  FlowWaiter waiter;
  waiter.mode_ = mode;
  waiter.ready_.reserve(sockets.size());
  for (const int socket : sockets) waiter.polled_.push_back({.fd = socket, .events = POLLIN, .revents = 0});
  if (mode == PollMode::kBusy || mode == PollMode::kBlock) {
    for (std::size_t i = 0; i < sockets.size(); ++i) waiter.ready_.push_back(i);
  }
  if (mode != PollMode::kEpoll) return waiter;
  waiter.epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  waiter.events_.resize(std::min(sockets.size(), kMostEvents));
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    if (epoll_ctl(waiter.epoll_.get(), EPOLL_CTL_ADD, sockets[i], &event) != 0) {
      return fail(ErrorKind::kEnvironment, "cannot wait by epoll: {}", errno_text(errno));
    }
  }
  return waiter;
}

int FlowWaiter::flags() const { return mode_ == PollMode::kBlock ? 0 : MSG_DONTWAIT; }

std::span<const std::size_t> FlowWaiter::wait(std::chrono::milliseconds timeout) {
  switch (mode_) {
    case PollMode::kPoll:
      return wait_in_poll(static_cast<int>(timeout.count()));
    case PollMode::kEpoll:
      return wait_in_epoll(static_cast<int>(timeout.count()));
    case PollMode::kBlock:
    case PollMode::kBusy:
      break;
  }
  return ready_;
}

std::span<const std::size_t> FlowWaiter::wait_in_poll(int timeout_ms) {
  ready_.clear();
  if (poll(polled_.data(), polled_.size(), timeout_ms) <= 0) return ready_;
  for (std::size_t i = 0; i < polled_.size(); ++i) {
    if (polled_[i].revents != 0) ready_.push_back(i);
  }
  return ready_;
}

std::span<const std::size_t> FlowWaiter::wait_in_epoll(int timeout_ms) {
  ready_.clear();
  const int count = epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), timeout_ms);
  for (int i = 0; i < count; ++i) ready_.push_back(events_[static_cast<std::size_t>(i)].data.u64);
  return ready_;
}

void FlowWaiter::forget(std::size_t index) {
  const int socket = polled_[index].fd;
  polled_[index].fd = -1;  // poll(2) passes over it.
  if (epoll_) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
  if (mode_ == PollMode::kBusy || mode_ == PollMode::kBlock) std::erase(ready_, index);
}

}  // namespace sockscope
