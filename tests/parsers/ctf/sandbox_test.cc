#include "parsers/ctf/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <functional>

#include "base/child_process.h"
#include "parsers/ctf/sanitized.h"

namespace sockscope::ctf {
namespace {

// What a child without rights found out: its exit status is the number of the first thing that went otherwise, or 0.
int status_of(const std::function<int(int)>& body) {
  auto pipe = Pipe::open();
  const int out = pipe->write_end.get();
  auto child = ChildProcess::run({.name = "confined", .keep_fds = {out}}, [&]() -> int {
    const std::array writable{out, STDERR_FILENO};
    if (!give_up_rights(writable, 4096)) return 99;
    return body(out);
  });
  return child->wait({}).value_or(-1);
}

bool is_refused(long result) { return result < 0 && errno == EPERM; }

TEST(Sandbox, LeavesReadingAndTheDescriptorsThatAreNamed) {
  EXPECT_EQ(status_of([](int out) {
              if (::write(out, "x", 1) != 1) return 1;
              const int file = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
              if (file < 0) return 2;
              char byte = 0;
              if (::read(file, &byte, 1) != 1) return 3;
              void* const memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              return memory == MAP_FAILED ? 4 : 0;
            }),
            0);
}

TEST(Sandbox, TakesAllElse) {
  EXPECT_EQ(status_of([](int /*out*/) {
              if (!is_refused(::open("/tmp/sockscope-must-not-be", O_WRONLY | O_CREAT | O_CLOEXEC, 0600))) return 1;
              if (!is_refused(::open("/proc/self/comm", O_RDWR | O_CLOEXEC))) return 2;
              if (!is_refused(::socket(AF_INET, SOCK_STREAM, 0))) return 3;
              if (!is_refused(::fork())) return 4;
              if (!is_refused(::kill(getppid(), 0))) return 5;
              if (!is_refused(::execl("/bin/true", "true", nullptr))) return 6;
              if (!is_refused(::unlink("/tmp/sockscope-must-not-be"))) return 7;
              if (!kIsSanitized && !is_refused(::write(STDOUT_FILENO, "x", 1))) return 8;
              void* const code = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              return code == MAP_FAILED && errno == EPERM ? 0 : 9;
            }),
            0);
}

TEST(Sandbox, LetsNobodyFillTheDisk) {
  auto pipe = Pipe::open();
  char name[] = "/tmp/sockscope-limit-XXXXXX";
  const UniqueFd file(mkstemp(name));
  unlink(name);
  const int out = file.get();
  auto child = ChildProcess::run({.name = "confined", .keep_fds = {out}}, [&]() -> int {
    std::signal(SIGXFSZ, SIG_IGN);
    const std::array writable{out};
    if (!give_up_rights(writable, 4096)) return 99;
    const std::array<char, 8192> block{};
    return ::write(out, block.data(), block.size()) == 4096 && ::write(out, block.data(), 1) < 0 && errno == EFBIG ? 0
                                                                                                                   : 1;
  });
  EXPECT_EQ(child->wait({}).value_or(-1), 0);
}

}  // namespace
}  // namespace sockscope::ctf
