#include "harness/program.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace sockscope {
namespace {

constexpr int kCannotRun = 127;

/// In the child. Returns only if the command cannot be executed, and says why through `failure_fd`.
int execute_when_told(const std::vector<std::string>& command, bool has_no_input, int barrier_fd, int failure_fd) {
  if (has_no_input) {
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0) return kCannotRun;
  }
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  // execvp takes char* const[] for history's sake; it does not write to them.
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT
  arguments.push_back(nullptr);
  for (const int fd : {barrier_fd, failure_fd}) fcntl(fd, F_SETFD, FD_CLOEXEC);
  char go = 0;
  if (read(barrier_fd, &go, 1) != 1) return kCannotRun;
  execvp(arguments[0], arguments.data());
  const int error = errno;
  (void)!write(failure_fd, &error, sizeof error);
  return kCannotRun;
}

/// A process in the background of a terminal may not change its foreground unless it blocks SIGTTOU.
void give_terminal_to(pid_t group) {
  sigset_t stop;
  sigset_t before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  sigprocmask(SIG_BLOCK, &stop, &before);
  tcsetpgrp(STDIN_FILENO, group);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

Program::Program(Spec spec, ChildProcess process, UniqueFd barrier, UniqueFd failure) noexcept
    : spec_(std::move(spec)),
      process_(std::move(process)),
      pid_(process_.pid()),
      barrier_(std::move(barrier)),
      failure_(std::move(failure)) {}

Program::Program(Program&& other) noexcept
    : spec_(std::move(other.spec_)),
      process_(std::move(other.process_)),
      pid_(std::exchange(other.pid_, -1)),
      barrier_(std::move(other.barrier_)),
      failure_(std::move(other.failure_)),
      has_terminal_(std::exchange(other.has_terminal_, false)) {}

Program::~Program() { take_terminal_back(); }

Result<Program> Program::start(Spec spec) {
  auto barrier = Pipe::open();
  if (!barrier) return pass_on(barrier);
  auto failure = Pipe::open();
  if (!failure) return pass_on(failure);
  const int barrier_fd = barrier->read_end.get();
  const int failure_fd = failure->write_end.get();
  auto process = ChildProcess::run(
      {.name = spec.role, .keep_fds = {barrier_fd, failure_fd}, .stdout_fd = STDERR_FILENO},
      [&] { return execute_when_told(spec.command, spec.input == Input::kNone, barrier_fd, failure_fd); });
  if (!process) return pass_on(process);
  return Program(std::move(spec), std::move(*process), std::move(barrier->write_end), std::move(failure->read_end));
}

Result<> Program::release(const WaitLimits& limits) {
  if (spec_.input == Input::kOurs && tcgetpgrp(STDIN_FILENO) == getpgrp()) {
    setpgid(pid_, pid_);  // it does so itself, but maybe later
    give_terminal_to(pid_);
    has_terminal_ = true;
  }
  if (write(barrier_.get(), "", 1) != 1) return fail(ErrorKind::kEnvironment, "cannot start {}", description());
  if (auto answered = wait_readable(failure_.get(), limits, description()); !answered) return answered;
  int error = 0;
  if (read(failure_.get(), &error, sizeof error) != sizeof error) return {};
  return fail(ErrorKind::kEnvironment, "cannot start {}: {}", description(), errno_text(error));
}

void Program::send_signal(int signal) const {
  if (pid_ > 0) kill(-pid_, signal);
}

void Program::take_terminal_back() noexcept {
  if (std::exchange(has_terminal_, false)) give_terminal_to(getpgrp());
}

std::string Program::description() const { return fmt::format("the {} ({})", spec_.role, spec_.text); }

}  // namespace sockscope
