#include "base/child_process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>
#include <utility>

#include "base/cpu_list.h"

namespace sockscope {
namespace {

constexpr int kCannotRun = 127;

void close_all_but(std::vector<int> keep) {
  std::ranges::sort(keep);
  unsigned first = STDERR_FILENO + 1;
  for (const int fd : keep) {
    if (fd < static_cast<int>(first)) continue;
    if (static_cast<unsigned>(fd) > first) close_range(first, static_cast<unsigned>(fd) - 1, 0);
    first = static_cast<unsigned>(fd) + 1;
  }
  close_range(first, std::numeric_limits<unsigned>::max(), 0);
}

bool set_up_child(const ChildProcess::Options& options, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) return false;  // The parent died before the line above took effect.
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);  // We ignore it; a program that we run expects the default.
  if (options.stdout_fd >= 0) dup2(options.stdout_fd, STDOUT_FILENO);
  if (options.stderr_fd >= 0) dup2(options.stderr_fd, STDERR_FILENO);
  for (const int fd : options.keep_fds) fcntl(fd, F_SETFD, 0);
  close_all_but(options.keep_fds);
  return options.cpus.empty() || move_to_cpus(options.cpus);
}

/// Never returns: the program's image is replaced, or the child ends.
[[noreturn]] void exec_program(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  // execvp takes char* const[] for history's sake; it does not write to them.
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(kCannotRun);
}

int exit_status(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

}  // namespace

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : name_(std::move(other.name_)), pid_(std::exchange(other.pid_, -1)), pid_fd_(std::move(other.pid_fd_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this == &other) return *this;
  kill_and_reap();
  name_ = std::move(other.name_);
  pid_ = std::exchange(other.pid_, -1);
  pid_fd_ = std::move(other.pid_fd_);
  return *this;
}

Result<ChildProcess> ChildProcess::run(const Options& options, const std::function<int()>& body) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return fail(ErrorKind::kEnvironment, "cannot start {}: {}", options.name, errno_text(errno));
  if (pid == 0) {
    if (!set_up_child(options, parent)) _exit(kCannotRun);
    prctl(PR_SET_NAME, options.name.c_str());
    _exit(body());
  }
  ChildProcess child;
  child.name_ = options.name;
  child.pid_ = pid;
  child.pid_fd_ = UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!child.pid_fd_) return fail(ErrorKind::kEnvironment, "cannot watch {}: {}", options.name, errno_text(errno));
  return child;
}

Result<ChildProcess> ChildProcess::exec(const Options& options, const std::vector<std::string>& command) {
  return run(options, [&command]() -> int { exec_program(command); });
}

void ChildProcess::send_signal(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

Result<int> ChildProcess::wait(const WaitLimits& limits) {
  if (auto ended = wait_readable(pid_fd_.get(), limits, name_); !ended) return pass_on(ended);
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) {
    return fail(ErrorKind::kEnvironment, "cannot wait for {}: {}", name_, errno_text(errno));
  }
  pid_ = -1;
  return exit_status(status);
}

void ChildProcess::kill_and_reap() noexcept {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

Result<Pipe> Pipe::open() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot open a pipe: {}", errno_text(errno));
  }
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Result<ProgramOutput> output_of(const std::vector<std::string>& command, const WaitLimits& limits,
                                const std::vector<int>& keep_fds) {
  auto pipe = Pipe::open();
  if (!pipe) return pass_on(pipe);
  auto child = ChildProcess::exec({.name = command.front(),
                                   .keep_fds = keep_fds,
                                   .stdout_fd = pipe->write_end.get(),
                                   .stderr_fd = pipe->write_end.get()},
                                  command);
  if (!child) return pass_on(child);
  pipe->write_end.reset();
  ProgramOutput output;
  while (true) {
    if (auto ready = wait_readable(pipe->read_end.get(), limits, command.front()); !ready) return pass_on(ready);
    std::array<char, 4096> chunk{};
    const ssize_t got = read(pipe->read_end.get(), chunk.data(), chunk.size());
    if (got <= 0) break;
    output.text.append(chunk.data(), static_cast<std::size_t>(got));
  }
  auto status = child->wait(limits);
  if (!status) return pass_on(status);
  output.status = *status;
  return output;
}

}  // namespace sockscope
