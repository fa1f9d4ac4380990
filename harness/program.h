#pragma once

#include <string>
#include <vector>

#include "base/child_process.h"
#include "base/error.h"
#include "base/wait.h"

namespace sockscope {

/// A program that somebody wants recorded: held at a barrier from its start on, then executed. Its stdout and stderr
/// are our stderr: our stdout is ours. It is gone when this object is; what it started is OrphanKeeper's.
class Program {
 public:
  enum class Input {
    kNone,  ///< /dev/null
    kOurs,  ///< Our stdin; if that is a terminal, the program is in its foreground, and Ctrl-C is the program's.
  };
  struct Spec {
    std::string role;  ///< "server", in messages
    std::vector<std::string> command;
    std::string text;  ///< The command as people wrote it.
    Input input = Input::kNone;
  };

  Program(Program&& other) noexcept;
  Program& operator=(Program&&) = delete;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  static Result<Program> start(Spec spec);

  /// Lets it run. kEnvironment, with the reason, if it cannot be executed.
  Result<> release(const WaitLimits& limits);

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] const Spec& spec() const { return spec_; }
  /// Readable once it has ended.
  [[nodiscard]] int pid_fd() const { return process_.pid_fd(); }

  /// Its exit status, or 128 + the signal that ended it, as a shell has it.
  Result<int> wait(const WaitLimits& limits) { return process_.wait(limits); }
  /// To it and its process group, as long as it has not been waited for.
  void send_signal(int signal) const;

  /// "the server (nc -l 5000)"
  [[nodiscard]] std::string description() const;

 private:
  Program(Spec spec, ChildProcess process, UniqueFd barrier, UniqueFd failure) noexcept;
  void take_terminal_back() noexcept;

  Spec spec_;
  ChildProcess process_;
  pid_t pid_ = -1;
  UniqueFd barrier_;  // one byte lets it go
  UniqueFd failure_;  // an errno comes if it cannot be executed, the end of file if it is
  bool has_terminal_ = false;
};

}  // namespace sockscope
