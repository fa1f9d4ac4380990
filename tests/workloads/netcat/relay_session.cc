#include "tests/workloads/netcat/relay_session.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace sockscope::netcat {
namespace {

constexpr std::chrono::milliseconds kPatience{5'000};

bool becomes_readable(int fd, std::chrono::milliseconds patience) {
  pollfd readable{fd, POLLIN, 0};
  return poll(&readable, 1, static_cast<int>(patience.count())) == 1;
}

std::string read_once(int fd, std::size_t most) {
  if (!becomes_readable(fd, kPatience)) throw std::runtime_error("nothing came");
  std::string bytes(most, '\0');
  const ssize_t got = read(fd, bytes.data(), bytes.size());
  if (got < 0) throw std::runtime_error("cannot read: " + errno_text(errno));
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

std::string read_exactly(int fd, std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) {
    const std::string some = read_once(fd, bytes - all.size());
    if (some.empty()) throw std::runtime_error("ended early, after: " + all.substr(0, 100));
    all += some;
  }
  return all;
}

void write_all(int fd, const std::string& bytes) {
  for (std::size_t put = 0; put < bytes.size();) {
    const ssize_t some = write(fd, bytes.data() + put, bytes.size() - put);
    if (some < 0) throw std::runtime_error("cannot write: " + errno_text(errno));
    put += static_cast<std::size_t>(some);
  }
}

}  // namespace

RelaySession::RelaySession(const RelayOptions& options) : input_(*Pipe::open()), output_(*Pipe::open()) {
  std::signal(SIGPIPE, SIG_IGN);  // As main does.
  std::array<int, 2> pair{};
  const int type = options.protocol == Protocol::kUdp ? SOCK_DGRAM : SOCK_STREAM;
  if (socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, pair.data()) != 0) throw std::runtime_error("no socketpair");
  socket_.reset(pair[0]);
  peer_.reset(pair[1]);
  const RelayEnds ends{.input = input_.read_end.get(), .output = output_.write_end.get(), .socket = socket_.get()};
  end_ = std::async(std::launch::async, [ends, options] {
    const auto end = relay(ends, options);
    if (!end) throw std::runtime_error(end.error().message);
    return *end;
  });
}

RelaySession::~RelaySession() {
  end_input();
  shutdown(socket_.get(), SHUT_RDWR);
  peer_closes();
  stop_looking();
  if (end_.valid()) end_.wait();
}

void RelaySession::type(const std::string& text) const { write_all(input_.write_end.get(), text); }

int RelaySession::unread_input() const {
  int bytes = -1;
  ioctl(input_.read_end.get(), FIONREAD, &bytes);
  return bytes;
}

void RelaySession::peer_sends(const std::string& bytes) {
  const auto length = static_cast<ssize_t>(bytes.size());
  if (send(peer_.get(), bytes.data(), bytes.size(), 0) != length) throw std::runtime_error("the peer cannot send");
}

void RelaySession::peer_shuts_down() { shutdown(peer_.get(), SHUT_WR); }

std::string RelaySession::peer_receives() { return read_once(peer_.get(), 65'536); }

std::string RelaySession::peer_receives(std::size_t bytes) { return read_exactly(peer_.get(), bytes); }

bool RelaySession::peer_hears_nothing_for(std::chrono::milliseconds patience) const {
  return !becomes_readable(peer_.get(), patience);
}

std::string RelaySession::shown(std::size_t bytes) const { return read_exactly(output_.read_end.get(), bytes); }

std::string RelaySession::all_shown() {
  output_.write_end.reset();
  std::string all;
  for (std::string some; !(some = read_once(output_.read_end.get(), 65'536)).empty();) all += some;
  return all;
}

bool RelaySession::runs_for(std::chrono::milliseconds patience) const {
  return end_.wait_for(patience) == std::future_status::timeout;
}

RelayEnd RelaySession::end() {
  if (end_.wait_for(kPatience) == std::future_status::timeout) throw std::runtime_error("the relay does not end");
  return end_.get();
}

}  // namespace sockscope::netcat
