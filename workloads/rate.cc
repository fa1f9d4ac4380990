#include "workloads/rate.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/echo.h"
#include "workloads/single_flow.h"

namespace sockscope {
namespace {

/// In each request, and so in its answer. The first byte is the mark of echo.
struct RateHeader {
  std::uint64_t mark = 0;
  std::uint64_t number = 0;
  std::uint64_t intended_ns = 0;
  std::uint64_t sent_ns = 0;
};

}  // namespace

struct RateClient::Times {
  Pacer pacer;
  std::uint64_t deadline_ns = 0;
  std::uint64_t count = 0;
  std::uint64_t sent = 0;
  std::uint64_t last_ns = 0;  // when something went or came
  SequenceCheck answered;
  Samples rtt;
  Samples service_time;
  Samples lateness;

  [[nodiscard]] bool is_sending() const { return sent < count && pacer.time_of(sent) < deadline_ns; }
};

Result<> RateClient::warm_up() {
  Pacer::make_timers_exact();
  return EchoClient(socket_, spec_).warm_up();
}

/// Sends what is left of a request. False: there is no room yet.
Result<bool> RateClient::go_on_sending() {
  while (unsent_ > 0) {
    const auto rest = std::span<const std::byte>(request_).last(unsent_);
    const ssize_t gone = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (gone < 0 && errno == EAGAIN) return false;
    if (gone < 0 && errno != EINTR) return fail(ErrorKind::kEnvironment, "cannot send: {}", errno_text(errno));
    if (gone > 0) unsent_ -= static_cast<std::size_t>(gone);
  }
  return true;
}

Result<> RateClient::send_due(Times& times, std::uint64_t now) {
  while (true) {
    auto gone = go_on_sending();
    if (!gone) return pass_on(gone);
    if (!*gone || !times.is_sending() || times.pacer.time_of(times.sent) > now) return {};
    const std::uint64_t intended = times.pacer.time_of(times.sent);
    now = monotonic_now_ns();
    const RateHeader header{.mark = times.sent & 0x7fU, .number = times.sent, .intended_ns = intended, .sent_ns = now};
    std::memcpy(request_.data(), &header, sizeof header);
    times.lateness.record(now - intended);
    times.last_ns = now;
    ++times.sent;
    unsent_ = request_.size();
  }
}

Result<> RateClient::receive_all(Times& times) {
  while (true) {
    const ssize_t got = recv(socket_, answer_.data() + received_, answer_.size() - received_, MSG_DONTWAIT);
    if (got == 0) return fail(ErrorKind::kEnvironment, "the server closed the connection");
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (got < 0) return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    received_ += static_cast<std::size_t>(got);
    if (received_ < answer_.size()) continue;
    received_ = 0;
    RateHeader header;
    std::memcpy(&header, answer_.data(), sizeof header);
    const std::uint64_t now = monotonic_now_ns();
    // A late answer of the warm-up carries no time.
    if (header.intended_ns == 0) continue;
    times.answered.on(header.number);
    times.rtt.record(now - header.intended_ns);
    times.service_time.record(now - header.sent_ns);
    times.last_ns = now;
  }
}

/// Until an answer comes, or the next request is due, or the socket has room again.
void RateClient::wait(const Times& times) const {
  const std::uint64_t now = monotonic_now_ns();
  const auto patience = static_cast<std::uint64_t>(std::chrono::nanoseconds(spec_.receive_timeout).count());
  const std::uint64_t until = times.is_sending() && unsent_ == 0 ? times.pacer.time_of(times.sent) : now + patience;
  if (until <= now) return;
  constexpr std::uint64_t second = 1'000'000'000;
  const timespec timeout{.tv_sec = static_cast<time_t>((until - now) / second),
                         .tv_nsec = static_cast<long>((until - now) % second)};
  pollfd polled{.fd = socket_, .events = static_cast<short>(unsent_ > 0 ? POLLIN | POLLOUT : POLLIN), .revents = 0};
  ppoll(&polled, 1, &timeout, nullptr);
}

Result<EndResult> RateClient::measure() {
  EndResult result = result_of(Role::kClient, socket_, spec_);
  const MeasuredPart part;
  Times times{.pacer = Pacer(part.start_ns(), spec_.rate),
              .deadline_ns = part.deadline_ns(spec_),
              .count = spec_.count,
              .last_ns = part.start_ns(),
              .answered = {},
              .rtt = Samples(spec_),
              .service_time = Samples(spec_),
              .lateness = Samples(spec_)};
  const auto patience = static_cast<std::uint64_t>(std::chrono::nanoseconds(spec_.receive_timeout).count());
  while (true) {
    if (auto sent = send_due(times, monotonic_now_ns()); !sent) return pass_on(sent);
    if (auto received = receive_all(times); !received) return pass_on(received);
    if (!times.is_sending() && unsent_ == 0 && times.answered.received() == times.sent) break;
    // What has not come by now is lost.
    if (!times.is_sending() && monotonic_now_ns() - times.last_ns > patience) break;
    wait(times);
  }
  part.end(result, times.last_ns);
  result.lost = times.sent - times.answered.received();
  result.round_trips = times.answered.received();
  result.measured.unit = "round trip";
  result.measured.units = times.answered.received();
  result.measured.add_count("sent", times.sent);
  result.measured.add_count("reordered", times.answered.reordered());
  result.measured.add_count("duplicated", times.answered.duplicated());
  keep_round_trips(result, std::move(times.rtt));
  keep_times(result, "service_time", std::move(times.service_time));
  keep_times(result, "send_lateness", std::move(times.lateness));
  if (auto told = tell_over(Phase::kMeasured); !told) return pass_on(told);
  return result;
}

Result<> RateClient::tell_over(Phase phase) const { return EchoClient(socket_, spec_).tell_over(phase); }

Result<EndResult> run_rate_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  return run_single_client<RateClient>(spec, sockets, barrier);
}

}  // namespace sockscope
