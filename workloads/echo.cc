#include "workloads/echo.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/echo_flows.h"
#include "workloads/measured_part.h"
#include "workloads/send_message.h"
#include "workloads/single_flow.h"

namespace sockscope {
namespace {

constexpr std::byte kWarmUp{0x80};

/// The second byte of a half request: over UDP a half may be lost, and the server has to know which one it holds.
constexpr std::byte kFirstHalf{1};
constexpr std::byte kSecondHalf{2};

/// What the server does between a request and its answer: nothing, which the compiler leaves out, ...
struct NoWork {
  void operator()() const {}
};

/// ... or an injected delay.
struct BusyWork {
  std::uint64_t duration_ns;
  void operator()() const {
    const std::uint64_t until = monotonic_now_ns() + duration_ns;
    while (monotonic_now_ns() < until) {
    }
  }
};

}  // namespace

EchoClient::EchoClient(int socket, const WorkloadSpec& spec) : socket_(socket), spec_(spec), message_(spec.size) {
  if (!spec_.write_write_read) return;
  message_[1] = kFirstHalf;
  message_[message_.size() / 2 + 1] = kSecondHalf;
}

ssize_t EchoClient::receive_some() {
  return recv(socket_, message_.data() + received_, message_.size() - received_, 0);
}

/// Until the answer is whole, `got` being what the first receive gave.
Result<EchoClient::Answer> EchoClient::receive(std::byte mark, ssize_t got) {
  bool is_late = received_ != 0;  // The rest of an answer that was given up half way stands before this one.
  for (int interrupted = 0;; got = receive_some()) {
    if (got > 0) {
      if (spec_.socket.quickack) rearm_quickack(socket_);
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

/// As send_message(), inline as far as it is the usual case: an answer that comes whole.
[[gnu::always_inline]] inline Result<EchoClient::Answer> EchoClient::round_trip(std::byte mark) {
  message_[0] = mark;
  if (auto sent = send_request(); !sent) return pass_on(sent);
  const ssize_t got = receive_some();
  const bool is_whole = got == std::ssize(message_) && message_[0] == mark && !spec_.socket.quickack;
  if (is_whole) [[likely]] {
    return Answer::kCame;
  }
  return receive(mark, got);
}

[[gnu::always_inline]] inline Result<> EchoClient::send_request() const {
  if (!spec_.write_write_read) [[likely]] {
    return send_message(socket_, message_);
  }
  return send_halves();
}

Result<> EchoClient::send_halves() const {
  const std::span<const std::byte> request(message_);
  const std::size_t half = request.size() / 2;
  if (auto sent = send_message(socket_, request.first(half)); !sent) return sent;
  return send_message(socket_, request.subspan(half));
}

Result<> EchoClient::warm_up() {
  for (std::uint64_t i = 0; i < spec_.warm_up; ++i) {
    if (auto answer = round_trip(kWarmUp); !answer) return pass_on(answer);
  }
  if (spec_.protocol == Protocol::kUdp) return tell_over(Phase::kWarmUp);
  auto answer = round_trip(kEndOfWarmUp);
  return answer ? Result<>{} : pass_on(answer);
}

Result<EndResult> EchoClient::measure() {
  EndResult result = result_of(Role::kClient, socket_, spec_);
  Samples rtt(spec_);
  const MeasuredPart part;
  const std::uint64_t deadline = part.deadline_ns(spec_);
  // One reading a round trip serves as its end and as the start of the next.
  std::uint64_t before = part.start_ns();
  for (std::uint64_t i = 0; i < spec_.count && before < deadline; ++i) {
    auto answer = round_trip(sequence_mark(i));
    if (!answer) return pass_on(answer);
    const std::uint64_t now = monotonic_now_ns();
    if (*answer == Answer::kCame) {
      rtt.record(now - before);
    } else {
      ++result.lost;
    }
    before = now;
  }
  part.end(result, before);
  keep_round_trips(result, std::move(rtt));
  result.round_trips = result.rtt.count();
  if (auto told = tell_over(Phase::kMeasured); !told) return pass_on(told);
  return result;
}

Result<> EchoClient::tell_over(Phase phase) {
  if (phase == Phase::kMeasured) return send_end(socket_, spec_.protocol);
  message_[0] = phase == Phase::kMeeting ? kHello : kEndOfWarmUp;
  return send_request();
}

/// Until the request is whole, `got` being what the first receive gave. False at the client's end.
Result<bool> EchoServer::receive(ssize_t got) {
  std::size_t received = 0;
  for (;; got = recv(socket_, message_.data() + received, message_.size() - received, 0)) {
    if (got == 0) return false;
    if (got > 0) {
      if (spec_.socket.quickack) rearm_quickack(socket_);
      received = without_the_half_of_a_lost_request(received, static_cast<std::size_t>(got));
      if (received == message_.size()) return true;
    } else if (errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    }
  }
}

/// How much of a request is there, now that so much was added to it. A first half where the second one should be means
/// that the second one was lost: the request begins anew with it.
std::size_t EchoServer::without_the_half_of_a_lost_request(std::size_t received, std::size_t got) {
  const bool is_behind = received != 0 && spec_.write_write_read && spec_.protocol == Protocol::kUdp;
  if (!is_behind || message_[received + 1] != kFirstHalf) return received + got;
  const auto second = message_.begin() + static_cast<std::ptrdiff_t>(received);
  std::copy(second, second + static_cast<std::ptrdiff_t>(got), message_.begin());
  return got;
}

/// As EchoClient::round_trip().
template <class Work>
[[gnu::always_inline]] inline Result<EchoServer::Came> EchoServer::echo(const Work& work) {
  const ssize_t got = recv(socket_, message_.data(), message_.size(), 0);
  const bool is_whole = got == std::ssize(message_) && !spec_.socket.quickack;
  if (!is_whole) [[unlikely]] {
    auto received = receive(got);
    if (!received) return pass_on(received);
    if (!*received) return Came::kEnd;
  }
  if (!is_answered(message_[0], spec_.protocol)) [[unlikely]] {
    return Came::kNotice;
  }
  work();
  if (auto sent = send_message(socket_, message_); !sent) return pass_on(sent);
  return Came::kRequest;
}

Result<> EchoServer::warm_up() {
  while (true) {
    auto came = echo(NoWork{});
    if (!came) return pass_on(came);
    if (*came == Came::kEnd) return fail(ErrorKind::kEnvironment, "the client left during the warm-up");
    if (message_[0] == kEndOfWarmUp) return {};
  }
}

/// Until the client's end: how many requests came.
template <class Work>
Result<std::uint64_t> EchoServer::answer_all(const Work& work) {
  for (std::uint64_t requests = 0;;) {
    auto came = echo(work);
    if (!came) return pass_on(came);
    if (*came == Came::kEnd) return requests;
    if (*came == Came::kRequest) ++requests;
  }
}

Result<EndResult> EchoServer::measure() {
  EndResult result = result_of(Role::kServer, socket_, spec_);
  const auto delay_ns = static_cast<std::uint64_t>(spec_.inject_delay.count());
  const MeasuredPart part;
  auto requests = delay_ns == 0 ? answer_all(NoWork{}) : answer_all(BusyWork{delay_ns});
  if (!requests) return pass_on(requests);
  result.round_trips = *requests;
  part.end(result, monotonic_now_ns());
  return result;
}

Result<EndResult> run_echo_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  if (spec.flows > 1 || spec.poll != PollMode::kBlock) return run_flows_client(spec, sockets, barrier);
  return run_single_client<EchoClient>(spec, sockets, barrier);
}

Result<EndResult> run_echo_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  if (spec.flows > 1 || spec.poll != PollMode::kBlock) return run_flows_server(spec, sockets, barrier);
  return run_single_server<EchoServer>(spec, sockets, barrier);
}

}  // namespace sockscope
