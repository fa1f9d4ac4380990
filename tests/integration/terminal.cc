#include "tests/integration/terminal.h"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace sockscope::testing {
namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr int kSignalled = 128;

std::chrono::steady_clock::time_point patience_from_now() { return std::chrono::steady_clock::now() + kPatience; }

}  // namespace

Terminal::Terminal(const std::vector<std::string>& command, unsigned short columns) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int screen = -1;
  const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  pid_ = forkpty(&screen, nullptr, nullptr, columns == 0 ? nullptr : &size);
  if (pid_ < 0) throw std::runtime_error("no pseudo-terminal here");
  if (pid_ == 0) {
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  screen_ = UniqueFd(screen);
}

Terminal::~Terminal() {
  screen_.reset();
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Terminal::type(const std::string& keys) const {
  if (write(screen_.get(), keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("cannot type into the terminal");
  }
}

bool Terminal::shows(const std::string& text) {
  const auto deadline = patience_from_now();
  while (shown_.find(text) == std::string::npos) {
    if (!read_some(deadline)) return false;
  }
  return true;
}

int Terminal::finish() {
  const auto deadline = patience_from_now();
  while (read_some(deadline)) {
  }
  int status = 0;
  if (std::chrono::steady_clock::now() > deadline || waitpid(pid_, &status, 0) != pid_) return -1;
  pid_ = -1;
  return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

// The end comes as EIO, once nobody has the terminal open any more.
bool Terminal::read_some(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd readable{.fd = screen_.get(), .events = POLLIN, .revents = 0};
  if (left.count() <= 0 || poll(&readable, 1, static_cast<int>(left.count())) != 1) return false;
  std::array<char, 4096> chunk{};
  const ssize_t got = read(screen_.get(), chunk.data(), chunk.size());
  if (got > 0) shown_.append(chunk.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace sockscope::testing
