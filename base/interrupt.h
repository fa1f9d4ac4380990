#pragma once

#include "base/error.h"
#include "base/unique_fd.h"

namespace sockscope {

/// Turns SIGINT, SIGTERM and SIGHUP into a readable descriptor, so that every wait of the program can end early and
/// clean up in order. The signals stay blocked in this process; children get their mask back in ChildProcess.
class Interrupt {
 public:
  /// Blocks the signals and opens the signalfd(2). To be called before anything is spawned.
  static Result<Interrupt> install();

  /// Leaves the signals alone: they end the process at once. For what has nothing to clean up.
  static Interrupt none() { return Interrupt(UniqueFd()); }

  /// Readable as soon as, and for as long as, one of the signals is pending: nobody reads it empty. -1 of none().
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] bool requested() const;

 private:
  explicit Interrupt(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace sockscope
