#pragma once

#include <sys/types.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "base/wait.h"

namespace sockscope {

/// One process that we started. It dies with us (PR_SET_PDEATHSIG), is in a process group of its own so that Ctrl-C
/// reaches only us, and is killed and reaped by the destructor: nothing is left running on any way out.
class ChildProcess {
 public:
  /// How the child is set up before it runs.
  struct Options {
    std::string name{};           ///< In error messages, and of the process (comm, cut to 15 characters) for run().
    std::vector<int> keep_fds{};  ///< Descriptors above stderr that it keeps, under the same numbers; all others close.
    std::vector<int> cpus{};      ///< CPUs it may run on; empty: as we do.
    int stdout_fd = -1;           ///< Becomes its stdout; -1: ours.
    int stderr_fd = -1;           ///< Becomes its stderr; -1: ours.
  };

  ChildProcess() = default;
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() { kill_and_reap(); }

  /// Runs a function in a forked child, which exits with what the function returns.
  static Result<ChildProcess> run(const Options& options, const std::function<int()>& body);
  /// Runs a program, found through PATH. Not finding it shows in wait() as exit status 127.
  static Result<ChildProcess> exec(const Options& options, const std::vector<std::string>& command);

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Readable once the process has ended (pidfd_open(2)).
  [[nodiscard]] int pid_fd() const { return pid_fd_.get(); }

  void send_signal(int signal) const;

  /// Waits for its end: the exit status, or 128 + the signal that killed it, as a shell has it.
  Result<int> wait(const WaitLimits& limits);

 private:
  void kill_and_reap() noexcept;

  std::string name_;
  pid_t pid_ = -1;
  UniqueFd pid_fd_;
};

/// A pipe(2), close-on-exec.
struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
  static Result<Pipe> open();
};

/// What a finished program printed.
struct ProgramOutput {
  int status = 0;
  std::string text;  ///< stdout and stderr together.
};

/// Runs a program to its end and collects what it prints: for short questions such as `perf --version`. It keeps
/// these descriptors, under the same numbers.
Result<ProgramOutput> output_of(const std::vector<std::string>& command, const WaitLimits& limits,
                                const std::vector<int>& keep_fds = {});

}  // namespace sockscope
