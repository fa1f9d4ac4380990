#include "workloads/echo.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <span>

#include "base/monotonic_clock.h"

namespace sockscope {
namespace {

constexpr std::byte kEndOfWarmUp{0xff};
constexpr std::byte kWarmUp{0xfe};
constexpr int kAttemptsToEndWarmUp = 5;

std::byte sequence_mark(std::uint64_t index) { return static_cast<std::byte>(index & 0x7fU); }

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

std::uint64_t microseconds(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000U + static_cast<std::uint64_t>(time.tv_usec);
}

ResourceUsage usage_now() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return {.voluntary_switches = static_cast<std::uint64_t>(usage.ru_nvcsw),
          .involuntary_switches = static_cast<std::uint64_t>(usage.ru_nivcsw),
          .user_us = microseconds(usage.ru_utime),
          .system_us = microseconds(usage.ru_stime)};
}

ResourceUsage difference(const ResourceUsage& later, const ResourceUsage& earlier) {
  return {.voluntary_switches = later.voluntary_switches - earlier.voluntary_switches,
          .involuntary_switches = later.involuntary_switches - earlier.involuntary_switches,
          .user_us = later.user_us - earlier.user_us,
          .system_us = later.system_us - earlier.system_us};
}

EndResult result_of(Role role, int socket) {
  EndResult result;
  result.identity = {.role = role, .tid = gettid(), .fd = socket};
  return result;
}

}  // namespace

Result<EchoClient::Answer> EchoClient::receive(std::byte mark) {
  bool is_late = received_ != 0;  // The rest of an answer that was given up half way stands before this one.
  int interrupted = 0;
  while (true) {
    const ssize_t got = recv(socket_, message_.data() + received_, message_.size() - received_, 0);
    if (got > 0) {
      received_ += static_cast<std::size_t>(got);
      if (received_ < message_.size()) continue;
      received_ = 0;
      if (!is_late && message_[0] == mark) return Answer::kCame;
      is_late = false;
    } else if (got == 0) {
      return fail(ErrorKind::kEnvironment, "the server closed the connection");
    } else if (errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    } else if (++interrupted == 2) {
      return Answer::kLost;
    }
  }
}

Result<EchoClient::Answer> EchoClient::round_trip(std::byte mark) {
  message_[0] = mark;
  if (auto sent = send_message(socket_, message_); !sent) return pass_on(sent);
  return receive(mark);
}

Result<> EchoClient::warm_up() {
  for (std::uint64_t i = 0; i < spec_.warm_up; ++i) {
    if (auto answer = round_trip(kWarmUp); !answer) return pass_on(answer);
  }
  for (int attempt = 0; attempt < kAttemptsToEndWarmUp; ++attempt) {
    auto answer = round_trip(kEndOfWarmUp);
    if (!answer) return pass_on(answer);
    if (*answer == Answer::kCame) return {};
  }
  return fail(ErrorKind::kEnvironment, "the server did not answer {} requests in a row", kAttemptsToEndWarmUp);
}

Result<EndResult> EchoClient::measure() {
  EndResult result = result_of(Role::kClient, socket_);
  result.rtt.reserve();
  const ResourceUsage usage_before = usage_now();
  result.start_ns = monotonic_now_ns();
  const std::uint64_t deadline = spec_.duration ? result.start_ns + static_cast<std::uint64_t>(spec_.duration->count())
                                                : std::numeric_limits<std::uint64_t>::max();
  // One reading a round trip serves as its end and as the start of the next.
  std::uint64_t before = result.start_ns;
  for (std::uint64_t i = 0; i < spec_.count && before < deadline; ++i) {
    auto answer = round_trip(sequence_mark(i));
    if (!answer) return pass_on(answer);
    const std::uint64_t now = monotonic_now_ns();
    if (*answer == Answer::kCame) {
      result.rtt.record(now - before);
    } else {
      ++result.lost;
    }
    before = now;
  }
  result.end_ns = before;
  result.usage = difference(usage_now(), usage_before);
  result.round_trips = result.rtt.count();
  if (auto told = tell_the_end(); !told) return pass_on(told);
  return result;
}

Result<> EchoClient::tell_the_end() const {
  const bool told =
      spec_.protocol == Protocol::kTcp ? shutdown(socket_, SHUT_WR) == 0 : send(socket_, nullptr, 0, MSG_NOSIGNAL) == 0;
  if (told) return {};
  return fail(ErrorKind::kEnvironment, "cannot tell the server that the run is over: {}", errno_text(errno));
}

/// False at the client's end.
Result<bool> EchoServer::receive() {
  std::size_t received = 0;
  while (received < message_.size()) {
    const ssize_t got = recv(socket_, message_.data() + received, message_.size() - received, 0);
    if (got == 0) return false;
    if (got > 0) {
      received += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    }
  }
  return true;
}

Result<bool> EchoServer::echo() {
  auto received = receive();
  if (!received || !*received) return received;
  if (auto sent = send_message(socket_, message_); !sent) return pass_on(sent);
  return true;
}

Result<> EchoServer::warm_up() {
  while (true) {
    auto echoed = echo();
    if (!echoed) return pass_on(echoed);
    if (!*echoed) return fail(ErrorKind::kEnvironment, "the client left during the warm-up");
    if (message_[0] == kEndOfWarmUp) return {};
  }
}

Result<EndResult> EchoServer::measure() {
  EndResult result = result_of(Role::kServer, socket_);
  const ResourceUsage usage_before = usage_now();
  result.start_ns = monotonic_now_ns();
  while (true) {
    auto echoed = echo();
    if (!echoed) return pass_on(echoed);
    if (!*echoed) break;
    ++result.round_trips;
  }
  result.end_ns = monotonic_now_ns();
  result.usage = difference(usage_now(), usage_before);
  return result;
}

}  // namespace sockscope
