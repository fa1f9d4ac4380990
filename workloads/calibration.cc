#include "workloads/calibration.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/measured_part.h"

namespace sockscope {
namespace {

[[gnu::always_inline]] inline Result<> hand_over(int fd, Token token) {
  const auto value = std::to_underlying(token);
  if (write(fd, &value, sizeof value) == sizeof value) [[likely]] {
    return {};
  }
  return fail(ErrorKind::kEnvironment, "cannot hand the token over: {}", errno_text(errno));
}

/// After a read that failed. The client's timer interrupts it from time to time: twice, and the server is gone.
Result<Token> take_late(int fd) {
  std::uint64_t value = 0;
  if (errno == EINTR && read(fd, &value, sizeof value) == sizeof value) return Token{value};
  if (errno != EINTR) return fail(ErrorKind::kEnvironment, "cannot take the token: {}", errno_text(errno));
  return fail(ErrorKind::kEnvironment, "the token does not come back from the server");
}

[[gnu::always_inline]] inline Result<Token> take(int fd) {
  std::uint64_t value = 0;
  if (read(fd, &value, sizeof value) == sizeof value) [[likely]] {
    return Token{value};
  }
  return take_late(fd);
}

TokenPath path_of(const ServerSockets& sockets) {
  return {.to_server = sockets.open.front().get(), .to_client = sockets.open.back().get()};
}

EndResult result_of_end(Role role, int fd) {
  EndResult result;
  result.identity = {.role = role, .tid = gettid(), .fd = fd};
  return result;
}

}  // namespace

[[gnu::always_inline]] inline Result<> CalibrationClient::round_trip(Token token) const {
  if (auto handed = hand_over(path_.to_server, token); !handed) return handed;
  auto back = take(path_.to_client);
  return back ? Result<>{} : pass_on(back);
}

Result<> CalibrationClient::warm_up() {
  for (std::uint64_t i = 0; i < spec_.warm_up; ++i) {
    if (auto came = round_trip(Token::kRoundTrip); !came) return came;
  }
  return round_trip(Token::kEndOfWarmUp);
}

Result<EndResult> CalibrationClient::measure() {
  EndResult result = result_of_end(Role::kClient, path_.to_client);
  Samples rtt(spec_);
  const MeasuredPart part;
  const std::uint64_t deadline = part.deadline_ns(spec_);
  std::uint64_t before = part.start_ns();
  for (std::uint64_t i = 0; i < spec_.count && before < deadline; ++i) {
    if (auto came = round_trip(Token::kRoundTrip); !came) return pass_on(came);
    const std::uint64_t now = monotonic_now_ns();
    rtt.record(now - before);
    before = now;
  }
  part.end(result, before);
  keep_round_trips(result, std::move(rtt));
  result.round_trips = result.rtt.count();
  if (auto told = hand_over(path_.to_server, Token::kEnd); !told) return pass_on(told);
  return result;
}

/// How many were handed back before that one came.
Result<std::uint64_t> CalibrationServer::hand_back_until(Token last) const {
  for (std::uint64_t round_trips = 0;; ++round_trips) {
    auto token = take(path_.to_server);
    if (!token) return pass_on(token);
    if (*token == last) return round_trips;
    if (auto handed = hand_over(path_.to_client, *token); !handed) return pass_on(handed);
  }
}

Result<> CalibrationServer::warm_up() {
  auto over = hand_back_until(Token::kEndOfWarmUp);
  return over ? hand_over(path_.to_client, Token::kEndOfWarmUp) : pass_on(over);
}

Result<EndResult> CalibrationServer::measure() {
  EndResult result = result_of_end(Role::kServer, path_.to_server);
  const MeasuredPart part;
  auto round_trips = hand_back_until(Token::kEnd);
  if (!round_trips) return pass_on(round_trips);
  result.round_trips = *round_trips;
  part.end(result, monotonic_now_ns());
  return result;
}

Result<ServerSockets> open_token_path(const WorkloadSpec& /*spec*/) {
  ServerSockets sockets;
  for (int i = 0; i < 2; ++i) {
    UniqueFd fd(eventfd(0, EFD_CLOEXEC));
    if (!fd) return fail(ErrorKind::kEnvironment, "cannot make an eventfd: {}", errno_text(errno));
    sockets.open.push_back(std::move(fd));
  }
  return sockets;
}

Result<EndResult> run_calibration_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  const TokenPath path = path_of(sockets);
  CalibrationClient client(path, spec);
  return barrier.run(client, {.role = Role::kClient, .tid = gettid(), .fd = path.to_client});
}

Result<EndResult> run_calibration_server(const WorkloadSpec& /*spec*/, ServerSockets& sockets, Barrier& barrier) {
  const TokenPath path = path_of(sockets);
  CalibrationServer server(path);
  return barrier.run(server, {.role = Role::kServer, .tid = gettid(), .fd = path.to_server});
}

}  // namespace sockscope
