#pragma once

#include <sys/socket.h>

#include <chrono>
#include <future>
#include <string>

#include "base/child_process.h"
#include "base/unique_fd.h"
#include "workloads/netcat/relay.h"

namespace sockscope::netcat {

/// A relay that runs beside the test, which is its user (pipes in the place of stdin and stdout) and its peer (the
/// other end of a socketpair). What a test waits for in vain throws after a while.
class RelaySession {
 public:
  explicit RelaySession(const RelayOptions& options);
  RelaySession(const RelaySession&) = delete;
  RelaySession(RelaySession&&) = delete;
  RelaySession& operator=(const RelaySession&) = delete;
  RelaySession& operator=(RelaySession&&) = delete;
  /// Closes whatever is open, so that the relay ends.
  ~RelaySession();

  void type(const std::string& text) const;
  void end_input() { input_.write_end.reset(); }
  /// What the relay has not read of its input.
  [[nodiscard]] int unread_input() const;

  void peer_sends(const std::string& bytes);
  void peer_shuts_down();
  void peer_closes() { peer_.reset(); }
  /// One read of the peer: of a datagram, whole. Empty: the end, or an empty datagram.
  [[nodiscard]] std::string peer_receives();
  /// As many bytes of a stream.
  [[nodiscard]] std::string peer_receives(std::size_t bytes);
  [[nodiscard]] bool peer_hears_nothing_for(std::chrono::milliseconds patience) const;

  [[nodiscard]] std::string shown(std::size_t bytes) const;
  /// Everything up to the end, after which nobody is there to read more.
  [[nodiscard]] std::string all_shown();
  void stop_looking() { output_.read_end.reset(); }

  [[nodiscard]] bool runs_for(std::chrono::milliseconds patience) const;
  [[nodiscard]] RelayEnd end();

 private:
  Pipe input_;
  Pipe output_;
  UniqueFd socket_;
  UniqueFd peer_;
  std::future<RelayEnd> end_;
};

}  // namespace sockscope::netcat
