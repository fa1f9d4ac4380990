#include "tests/integration/sockscope_program.h"

#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

namespace sockscope::testing {
namespace {

constexpr std::chrono::minutes kPatience{3};

std::string read_all(int fd) {
  std::string text;
  std::array<char, 65536> chunk{};
  for (ssize_t got = 0; (got = read(fd, chunk.data(), chunk.size())) > 0;) {
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return text;
}

std::vector<std::string> with_program(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), SOCKSCOPE_PROGRAM);
  return arguments;
}

std::string line_of(pid_t pid, const std::string& file) {
  std::string line;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/" + file), line);
  return line;
}

}  // namespace

Finished run(const std::vector<std::string>& command) {
  auto out = Pipe::open();
  auto err = Pipe::open();
  if (!out || !err) return {.status = -1, .out = {}, .err = "no pipe"};
  auto child = ChildProcess::exec(
      {.name = command.front(), .stdout_fd = out->write_end.get(), .stderr_fd = err->write_end.get()}, command);
  if (!child) return {.status = -1, .out = {}, .err = child.error().message};
  out->write_end.reset();
  err->write_end.reset();
  Finished finished;
  std::thread reader([&] { finished.err = read_all(err->read_end.get()); });
  finished.out = read_all(out->read_end.get());
  reader.join();
  const auto status = child->wait({.timeout = kPatience});
  finished.status = status ? *status : -1;
  return finished;
}

Finished sockscope(std::vector<std::string> arguments) { return run(with_program(std::move(arguments))); }

ChildProcess start_sockscope(std::vector<std::string> arguments) {
  auto child = ChildProcess::exec({.name = "sockscope"}, with_program(std::move(arguments)));
  return child ? std::move(*child) : ChildProcess();
}

std::string why_no_tracing() {
  static const Finished doctor = sockscope({"doctor"});
  return doctor.status == 0 ? "" : doctor.out + doctor.err;
}

std::vector<std::pair<pid_t, std::string>> children_of(pid_t parent) {
  std::vector<std::pair<pid_t, std::string>> children;
  std::ifstream list("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
  for (pid_t pid = 0; list >> pid;) {
    children.emplace_back(pid, line_of(pid, "comm"));
  }
  return children;
}

pid_t wait_for_child(pid_t parent, const std::string& name, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    for (const auto& [pid, comm] : children_of(parent)) {
      if (comm != name) continue;
      if (name != "perf" || line_of(pid, "cmdline").starts_with(std::string("perf\0record", 11))) return pid;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return 0;
}

bool is_alive(pid_t pid) { return kill(pid, 0) == 0; }

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "sockscope-test-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sockscope::testing
