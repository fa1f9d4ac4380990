#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.h"

/// Sockets of the test's own on 127.0.0.1, made of nothing but system calls. What does not come in time throws.
namespace sockscope::testing {

class PlainConnection {
 public:
  explicit PlainConnection(UniqueFd fd) : fd_(std::move(fd)) {}
  static PlainConnection to(std::uint16_t port);

  void send(const std::string& bytes) const;
  void shut_down() const;
  /// Ends with a reset, as a connection does whose process dies with unread bytes.
  void reset();
  void close() { fd_.reset(); }
  /// That many bytes.
  [[nodiscard]] std::string receive(std::size_t bytes) const;
  [[nodiscard]] std::string receive_to_the_end() const;
  [[nodiscard]] bool hears_nothing_for(std::chrono::milliseconds patience) const;
  [[nodiscard]] std::uint16_t peer_port() const;

 private:
  UniqueFd fd_;
};

class PlainListener {
 public:
  explicit PlainListener(int backlog = 64);
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] PlainConnection accept() const;

 private:
  UniqueFd fd_;
};

/// A UDP socket.
class PlainReceiver {
 public:
  PlainReceiver();
  [[nodiscard]] std::uint16_t port() const;
  /// The next datagram, whole.
  [[nodiscard]] std::string receive();
  /// What comes until nothing has come for that long.
  [[nodiscard]] std::vector<std::string> receive_all(std::chrono::milliseconds patience);
  /// To whoever sent the last one received.
  void answer(const std::string& datagram) const;
  void send_to(std::uint16_t port, const std::string& datagram) const;

 private:
  UniqueFd fd_;
  std::uint16_t last_sender_ = 0;
};

}  // namespace sockscope::testing
