#include "tests/netcat/programs.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace sockscope::testing {
namespace {

constexpr std::chrono::seconds kPatience{8};

UniqueFd create(const std::filesystem::path& path) {
  return UniqueFd(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

/// The lines of /proc/net/tcp and its likes: "sl local_address rem_address st", the ports in hexadecimal.
bool is_bound(const std::string& table, std::uint16_t port, const std::string& state) {
  std::ifstream lines("/proc/net/" + table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string slot;
    std::string local;
    std::string remote;
    std::string status;
    words >> slot >> local >> remote >> status;
    if (status == state && local.ends_with(fmt::format(":{:04X}", port))) return true;
  }
  return false;
}

bool is_listened_to(std::uint16_t port, Protocol protocol) {
  const std::string name(name_of(protocol));
  const std::string state = protocol == Protocol::kTcp ? "0A" : "07";  // TCP_LISTEN, and UDP's one unconnected
  return is_bound(name, port, state) || is_bound(name + "6", port, state);
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

bool is_installed(const std::string& program) { return run({"sh", "-c", "command -v " + program}).status == 0; }

Command::Command(const std::string& line) {
  const auto out = create(scratch_ / "out");
  const auto err = create(scratch_ / "err");
  const std::string open_input = (scratch_ / "open").string();
  mkfifo(open_input.c_str(), 0600);
  auto shell = ChildProcess::exec({.name = line, .stdout_fd = out.get(), .stderr_fd = err.get()},
                                  {"sh", "-c", "exec </dev/null; open=" + open_input + "; " + line});
  if (!shell) throw std::runtime_error(shell.error().message);
  shell_ = std::move(*shell);
  group_ = shell_.pid();
}

// The shell leads a group of its own (ChildProcess), in which a pipeline's other programs are.
Command::~Command() { kill(-group_, SIGKILL); }

bool Command::is_running() const {
  return !wait_readable(shell_.pid_fd(), {.timeout = std::chrono::milliseconds{0}}, "").has_value();
}

Finished Command::finish() {
  const auto status = shell_.wait({.timeout = kPatience});
  if (!status) kill(-group_, SIGKILL);
  return {.status = status.value_or(-1), .out = read_file(scratch_ / "out"), .err = read_file(scratch_ / "err")};
}

Finished run_line(const std::string& line) { return Command(line).finish(); }

// Below those that the kernel gives to sockets which do not choose (ip_local_port_range).
std::uint16_t free_port() {
  static std::atomic<unsigned> next = static_cast<unsigned>(getpid());
  while (true) {
    const auto port = static_cast<std::uint16_t>(10'000 + next++ % 20'000);
    if (!is_listened_to(port, Protocol::kTcp) && !is_listened_to(port, Protocol::kUdp)) return port;
  }
}

bool wait_for_listener(std::uint16_t port, Protocol protocol) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!is_listened_to(port, protocol)) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{3});
  }
  return true;
}

Seen seen(const Finished& finished, std::uint16_t port) {
  std::string err = finished.err;
  replace_all(err, "nc.openbsd:", "nc:");
  replace_all(err, std::to_string(port), "PORT");
  return {.status = finished.status, .out = finished.out, .err = err};
}

void PrintTo(const Seen& seen, std::ostream* out) {
  *out << "status " << seen.status << ", " << seen.out.size() << " bytes: " << seen.out.substr(0, 200)
       << "\nmessages: " << seen.err;
}

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>((i * 2'654'435'761U) >> 13U);
  return text;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::filesystem::path& path) {
  std::error_code none;
  std::string text(std::filesystem::exists(path, none) ? std::filesystem::file_size(path, none) : 0, '\0');
  std::ifstream(path, std::ios::binary).read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

}  // namespace sockscope::testing
