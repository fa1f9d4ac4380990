#include "workloads/netcat/relay.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <thread>

#include "workloads/netcat/one_way.h"
#include "workloads/netcat/telnet.h"

namespace sockscope::netcat {
namespace {

// The size of a datagram of bulk input, and so one that others count on.
constexpr std::size_t kInputBytes = 16'384;
// No datagram is larger.
constexpr std::size_t kReceivedBytes = 65'536;

class Relay {
 public:
  Relay(const RelayEnds& ends, const RelayOptions& options)
      : ends_(ends),
        options_(options),
        outward_(options.read_input ? ends.input : -1, ends.socket, kInputBytes, unit()),
        inward_(ends.socket, ends.output, is_udp() ? kReceivedBytes : kInputBytes, unit()) {}

  Result<RelayEnd> run() {
    while (!is_done()) {
      const int ready = wait();
      if (ready == 0) return RelayEnd::kIdle;
      if (ready < 0 && errno == EINTR) continue;
      if (ready < 0) return fail(ErrorKind::kEnvironment, "polling error: {}", errno_text(errno));
      notice_lost_sinks();
      move();
      settle();
    }
    return RelayEnd::kDone;
  }

 private:
  // The socket twice: its two directions end at different times.
  enum : std::size_t { kInput, kSocketOut, kSocketIn, kOutput, kPolled };

  [[nodiscard]] bool is_udp() const { return options_.protocol == Protocol::kUdp; }
  [[nodiscard]] OneWay::Unit unit() const { return is_udp() ? OneWay::Unit::kMessages : OneWay::Unit::kBytes; }

  [[nodiscard]] bool is_done() const {
    return inward_.is_finished() && (outward_.is_finished() || (options_.serve && outward_.is_empty()));
  }

  // A source without room is left out, since its hang-up would end each poll at once; a sink never is: that its reader
  // has left shows before there is something to write.
  int wait() {
    polled_ = {{{outward_.has_room() ? outward_.source() : -1, POLLIN, 0},
                {outward_.sink(), static_cast<short>(outward_.is_empty() ? 0 : POLLOUT), 0},
                {inward_.has_room() ? inward_.source() : -1, POLLIN, 0},
                {inward_.sink(), static_cast<short>(inward_.is_empty() ? 0 : POLLOUT), 0}}};
    using std::chrono::milliseconds;
    const int timeout_ms = options_.idle_timeout ? static_cast<int>(milliseconds(*options_.idle_timeout).count()) : -1;
    return poll(polled_.data(), polled_.size(), timeout_ms);
  }

  [[nodiscard]] bool shows(std::size_t which, int events) const { return (polled_[which].revents & events) != 0; }

  void notice_lost_sinks() {
    if (shows(kSocketOut, POLLERR | POLLHUP | POLLNVAL)) outward_.abandon();
    if (shows(kOutput, POLLERR | POLLHUP | POLLNVAL)) lose_output();
  }

  void lose_output() {
    if (inward_.source() >= 0) shutdown(ends_.socket, SHUT_RD);
    inward_.abandon();
  }

  void move() {
    if (outward_.source() >= 0) read_input();
    if (outward_.sink() >= 0 && shows(kSocketOut, POLLOUT)) write_socket();
    if (inward_.source() >= 0) read_socket();
    if (inward_.sink() >= 0 && shows(kOutput, POLLOUT) && inward_.drain() == OneWay::Drained::kError) lose_output();
  }

  void read_input() {
    if (shows(kInput, POLLIN)) {
      const auto filled = outward_.fill();
      if (filled == OneWay::Filled::kEnd || filled == OneWay::Filled::kError) outward_.lose_source();
    } else if (shows(kInput, POLLHUP | POLLERR | POLLNVAL)) {
      outward_.lose_source();
    }
  }

  void write_socket() {
    const bool by_line = options_.line_interval.count() > 0;
    const auto drained = by_line ? outward_.drain_line() : outward_.drain();
    if (drained == OneWay::Drained::kError) outward_.abandon();
    if (drained == OneWay::Drained::kLine) std::this_thread::sleep_for(options_.line_interval);
  }

  // What came before an error is still read: the error is read behind it.
  void read_socket() {
    if (shows(kSocketIn, POLLIN)) {
      const auto filled = inward_.fill();
      if (filled == OneWay::Filled::kError) inward_.lose_source();
      if (filled == OneWay::Filled::kEnd && options_.empty_datagram_ends) end_receiving();
      if (filled == OneWay::Filled::kData && options_.refuse_telnet_options) refuse(inward_.fresh());
    } else if (shows(kSocketIn, POLLHUP | POLLERR | POLLNVAL)) {
      inward_.lose_source();
    }
  }

  void end_receiving() {
    shutdown(ends_.socket, SHUT_RD);
    inward_.lose_source();
  }

  // Past what waits from the input, which may have ended: an answer is due all the same.
  void refuse(std::span<const std::byte> received) {
    const auto answers = telnet_.answers_to(received);
    for (std::size_t sent = 0; sent < answers.size();) {
      const ssize_t put = write(ends_.socket, answers.data() + sent, answers.size() - sent);
      if (put >= 0) {
        sent += static_cast<std::size_t>(put);
      } else if (errno == EAGAIN || errno == EINTR) {
        pollfd writable{ends_.socket, POLLOUT, 0};
        poll(&writable, 1, -1);
      } else {
        return;  // The next read of the socket says why.
      }
    }
  }

  void settle() {
    if (outward_.is_finished() && outward_.sink() >= 0) {
      if (options_.shut_down_at_input_end) shutdown(ends_.socket, SHUT_WR);
      outward_.lose_sink();
    }
    const bool leaves = options_.leave_at_input_end && outward_.is_finished() && inward_.is_empty();
    if (leaves && inward_.source() >= 0) end_receiving();
    if (inward_.is_finished()) inward_.lose_sink();
  }

  RelayEnds ends_;
  RelayOptions options_;
  OneWay outward_;
  OneWay inward_;
  TelnetRefusal telnet_;
  std::array<pollfd, kPolled> polled_{};
};

}  // namespace

Result<RelayEnd> relay(const RelayEnds& ends, const RelayOptions& options) { return Relay(ends, options).run(); }

}  // namespace sockscope::netcat
