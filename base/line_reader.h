#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "base/wait.h"

namespace sockscope {

/// Reads whole lines from a pipe or socket: how workers and perf answer the harness.
class LineReader {
 public:
  /// `peer` names the other side in error messages.
  LineReader(UniqueFd fd, std::string peer) : fd_(std::move(fd)), peer_(std::move(peer)) {}

  /// The next line without its newline. kEnvironment when the peer is gone or silent, kInterrupted on a signal.
  Result<std::string> next(const WaitLimits& limits);

  /// Readable when more comes than has been read.
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const std::string& peer() const { return peer_; }

 private:
  UniqueFd fd_;
  std::string peer_;
  std::string buffer_;
};

/// Writes the whole text, going on after partial writes. kEnvironment when the other side is gone.
Result<> write_all(int fd, std::string_view text, std::string_view peer);

}  // namespace sockscope
