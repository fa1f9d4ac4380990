#include "workloads/telnet.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>
#include <span>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/send_message.h"
#include "workloads/single_flow.h"

namespace sockscope {
namespace {

constexpr std::string_view kEnter = "\r\n";
constexpr int kAttempts = 40;  // to be heard with a request of which the answer may be lost, too
constexpr std::size_t kBufferBytes = 4'096;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace

struct TelnetClient::Times {
  Samples keystroke;
  Samples line;
  std::uint64_t returns = 0;  // that were answered
  std::uint64_t lost = 0;     // keys and returns
};

TelnetClient::TelnetClient(int socket, const WorkloadSpec& spec) : socket_(socket), spec_(spec) {
  std::mt19937_64 random(spec.seed);
  // No letter follows itself: an echo that is late is not taken for the next one.
  while (line_.size() < spec.size) {
    const char letter = static_cast<char>('a' + random() % 26);
    if (!line_.ends_with(letter)) line_ += letter;
  }
}

/// Asks the server to echo and to suppress go-ahead, and answers what it asks, until it has decided on both. Over UDP
/// a request may be lost: it is made anew.
Result<> TelnetClient::negotiate() {
  const std::uint64_t begun = monotonic_now_ns();
  std::string requests = negotiation_.ask(telnet::kEcho) + negotiation_.ask(telnet::kSuppressGoAhead);
  std::string came;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (auto sent = send_message(socket_, bytes_of(requests)); !sent) return sent;
    auto decided = receive(came, [this] {
      return !negotiation_.is_pending(telnet::kEcho) && !negotiation_.is_pending(telnet::kSuppressGoAhead);
    });
    if (!decided) return pass_on(decided);
    if (*decided) break;
    requests = negotiation_.ask_anew(telnet::kEcho) + negotiation_.ask_anew(telnet::kSuppressGoAhead);
  }
  if (!negotiation_.peer_does(telnet::kEcho)) {
    return fail(ErrorKind::kEnvironment, "the server does not agree to echo: there are no keystrokes to be timed");
  }
  negotiation_ns_ = monotonic_now_ns() - begun;
  return {};
}

/// Receives until that is so; false if it does not come to be in time.
template <class Condition>
Result<bool> TelnetClient::receive(std::string& came, const Condition& is_done) {
  std::array<std::byte, kBufferBytes> buffer{};
  int interrupted = 0;
  while (!is_done()) {
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got == 0) return fail(ErrorKind::kEnvironment, "the server closed the connection");
    if (got < 0 && errno != EINTR) return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    if (got < 0 && ++interrupted == 2) return false;
    if (got < 0) continue;
    if (auto taken = take(std::span(buffer).first(static_cast<std::size_t>(got)), came); !taken) return pass_on(taken);
  }
  return true;
}

/// Keeps data and answers options.
Result<> TelnetClient::take(std::span<const std::byte> bytes, std::string& came) {
  std::string answers;
  for (const std::byte byte : bytes) {
    const auto token = parser_.on(static_cast<std::uint8_t>(byte));
    if (!token) continue;
    if (token->kind == telnet::Token::Kind::kData) came += static_cast<char>(token->byte);
    if (token->kind == telnet::Token::Kind::kOption) answers += negotiation_.on(*token);
  }
  if (answers.empty()) return {};
  return send_message(socket_, bytes_of(answers));
}

Result<bool> TelnetClient::type(std::string_view keys, std::string_view expected) {
  if (auto sent = send_message(socket_, bytes_of(keys)); !sent) return pass_on(sent);
  std::string came;
  // What is late comes before what is expected.
  return receive(came, [&] { return came.ends_with(expected); });
}

Result<> TelnetClient::type_line(Times& times) {
  const std::uint64_t begun = monotonic_now_ns();
  std::uint64_t before = begun;
  bool is_whole = true;
  for (const char& key : line_) {
    const std::string_view one(&key, 1);
    auto echoed = type(one, one);
    if (!echoed) return pass_on(echoed);
    const std::uint64_t now = monotonic_now_ns();
    if (*echoed) {
      times.keystroke.record(now - before);
    } else {
      ++times.lost;
      is_whole = false;
    }
    before = now;
  }
  // Of a line that has lost a key the server answers what it has.
  auto answered = type(kEnter, is_whole ? std::string(kEnter) + line_ + std::string(kEnter) : std::string(kEnter));
  if (!answered) return pass_on(answered);
  if (*answered && is_whole) times.line.record(monotonic_now_ns() - begun);
  ++(*answered ? times.returns : times.lost);
  return {};
}

Result<> TelnetClient::tell_over(Phase phase) const {
  constexpr std::array nothing{static_cast<char>(telnet::kIac), static_cast<char>(telnet::kNoOperation)};
  if (phase == Phase::kMeeting) return send_message(socket_, std::as_bytes(std::span(nothing)));
  const char end = phase == Phase::kWarmUp ? telnet::Session::kEndOfBlock : telnet::Session::kEndOfTransmission;
  return send_message(socket_, bytes_of({&end, 1}));
}

Result<> TelnetClient::warm_up() {
  if (auto negotiated = negotiate(); !negotiated) return negotiated;
  Times uncounted{.keystroke = Samples({}), .line = Samples({})};
  for (std::uint64_t i = 0; i < spec_.warm_up; ++i) {
    if (auto typed = type_line(uncounted); !typed) return typed;
  }
  if (spec_.protocol == Protocol::kUdp) return tell_over(Phase::kWarmUp);
  // The echo takes with it what Nagle's algorithm would have the first key wait for.
  const std::string_view end(&telnet::Session::kEndOfBlock, 1);
  auto ended = type(end, end);
  return ended ? Result<>{} : pass_on(ended);
}

Result<EndResult> TelnetClient::measure() {
  EndResult result = result_of(Role::kClient, socket_, spec_);
  Times times{.keystroke = Samples(spec_), .line = Samples(spec_)};
  Samples negotiation(spec_);
  negotiation.record(negotiation_ns_);
  const MeasuredPart part;
  const std::uint64_t deadline = part.deadline_ns(spec_);
  std::uint64_t lines = 0;
  for (; lines < spec_.count && (lines == 0 || !spec_.duration || monotonic_now_ns() < deadline); ++lines) {
    if (auto typed = type_line(times); !typed) return pass_on(typed);
  }
  part.end(result, monotonic_now_ns());
  if (auto told = tell_over(Phase::kMeasured); !told) return pass_on(told);
  result.lost = times.lost;
  result.round_trips = lines;
  result.measured.unit = "line";
  result.measured.units = lines;
  result.measured.add_count("options_agreed", negotiation_.agreed());
  result.measured.add_count("keystrokes", times.keystroke.histogram.count());
  result.measured.add_count("returns", times.returns);
  keep_times(result, "negotiation", std::move(negotiation));
  keep_times(result, "keystroke", std::move(times.keystroke));
  keep_times(result, "line", std::move(times.line));
  return result;
}

/// Until that end or the client's.
Result<> TelnetServer::serve(char end) {
  std::array<std::byte, kBufferBytes> buffer{};
  while (true) {
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    if (got == 0) {
      is_left_ = true;
      return {};
    }
    if (spec_.socket.quickack) rearm_quickack(socket_);
    const std::string answer = session_.on(std::span<const std::byte>(buffer).first(static_cast<std::size_t>(got)));
    // Nobody waits for the echo of what ends the run.
    if (end == telnet::Session::kEndOfTransmission && session_.has_come(end)) return {};
    if (!answer.empty()) {
      if (auto sent = send_message(socket_, bytes_of(answer)); !sent) return sent;
    }
    if (session_.has_come(end)) return {};
  }
}

Result<> TelnetServer::warm_up() {
  if (auto greeted = send_message(socket_, bytes_of(session_.greeting())); !greeted) return greeted;
  if (auto served = serve(telnet::Session::kEndOfBlock); !served) return served;
  if (is_left_) return fail(ErrorKind::kEnvironment, "the client left during the warm-up");
  return {};
}

Result<EndResult> TelnetServer::measure() {
  EndResult result = result_of(Role::kServer, socket_, spec_);
  const std::uint64_t lines = session_.lines();
  const MeasuredPart part;
  if (auto served = serve(telnet::Session::kEndOfTransmission); !served) return pass_on(served);
  part.end(result, monotonic_now_ns());
  result.round_trips = session_.lines() - lines;
  return result;
}

Result<EndResult> run_telnet_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  return run_single_client<TelnetClient>(spec, sockets, barrier);
}

Result<EndResult> run_telnet_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  return run_single_server<TelnetServer>(spec, sockets, barrier);
}

}  // namespace sockscope
