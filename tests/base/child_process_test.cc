#include "base/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/cpu_list.h"

namespace sockscope {
namespace {

constexpr WaitLimits kPatient{.timeout = std::chrono::seconds{20}};
constexpr WaitLimits kImpatient{.timeout = std::chrono::milliseconds{50}};
constexpr int kNoSuchCpu = 1023;  // The last that fits into a cpu_set_t.

bool exists(pid_t pid) { return ::kill(pid, 0) == 0; }

Result<ChildProcess> sleeper() {
  return ChildProcess::run({.name = "sleeper"}, [] { return pause(); });
}

/// The exit status of a body in a child that is set up so.
int status_of(const ChildProcess::Options& options, const std::function<int()>& body) {
  auto child = ChildProcess::run(options, body);
  if (!child) return -1;
  return child->wait(kPatient).value_or(-1);
}

/// Everything that comes out of a pipe until all its writers are gone.
std::string content_of(const Pipe& pipe) {
  std::string content;
  std::array<char, 256> chunk{};
  for (ssize_t got = 0; (got = read(pipe.read_end.get(), chunk.data(), chunk.size())) > 0;) {
    content.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return content;
}

TEST(ChildProcess, ExitsWithWhatItsFunctionReturns) {
  EXPECT_EQ(status_of({.name = "seven"}, [] { return 7; }), 7);
}

TEST(ChildProcess, RunsAProgramFoundThroughPath) {
  auto child = ChildProcess::exec({.name = "sh"}, {"sh", "-c", "exit 5"});
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_EQ(child->wait(kPatient), 5);
}

TEST(ChildProcess, HandsArgumentsOnAsTheyAre) {
  auto child = ChildProcess::exec({.name = "sh"}, {"sh", "-c", "test \"$1\" = 'a \"b\" $c'", "sh", "a \"b\" $c"});
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_EQ(child->wait(kPatient), 0);
}

TEST(ChildProcess, ThatIsAnUnknownProgramEndsWith127) {
  auto child = ChildProcess::exec({.name = "nonsense"}, {"sockscope-has-no-such-program"});
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_EQ(child->wait(kPatient), 127);
}

TEST(ChildProcess, KilledByASignalEndsWith128PlusIt) {
  auto child = sleeper();
  ASSERT_TRUE(child) << child.error().message;
  child->send_signal(SIGTERM);
  EXPECT_EQ(child->wait(kPatient), 128 + SIGTERM);
}

TEST(ChildProcess, IsKilledAndReapedByItsDestructor) {
  pid_t pid = -1;
  {
    auto child = sleeper();
    ASSERT_TRUE(child) << child.error().message;
    pid = child->pid();
    ASSERT_TRUE(exists(pid));
  }
  EXPECT_FALSE(exists(pid));
}

TEST(ChildProcess, IsKilledWhenAnotherIsAssignedToIt) {
  auto first = sleeper();
  auto second = sleeper();
  ASSERT_TRUE(first && second);
  const pid_t old_pid = first->pid();
  const pid_t new_pid = second->pid();
  *first = std::move(*second);
  EXPECT_FALSE(exists(old_pid));
  EXPECT_EQ(first->pid(), new_pid);
  EXPECT_TRUE(exists(new_pid));
}

TEST(ChildProcess, LivesOnInWhatItIsMovedInto) {
  auto first = sleeper();
  ASSERT_TRUE(first) << first.error().message;
  const pid_t pid = first->pid();
  const ChildProcess second(std::move(*first));
  first->send_signal(SIGKILL);  // NOLINT(bugprone-use-after-move): nobody any more, so this goes to nobody
  EXPECT_EQ(second.pid(), pid);
  EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), 0) << "it must still run";
}

TEST(ChildProcess, ThatDoesNotEndInTimeIsAnErrorAndStillThere) {
  auto child = sleeper();
  ASSERT_TRUE(child) << child.error().message;
  const auto status = child->wait(kImpatient);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(status.error().message, "no answer from sleeper within 50 ms");
  child->send_signal(SIGKILL);
  EXPECT_EQ(child->wait(kPatient), 128 + SIGKILL);
}

TEST(ChildProcess, MakesItsPidFdReadableByEnding) {
  auto child = sleeper();
  ASSERT_TRUE(child) << child.error().message;
  ASSERT_FALSE(wait_readable(child->pid_fd(), kImpatient, "its end"));
  child->send_signal(SIGKILL);
  EXPECT_TRUE(wait_readable(child->pid_fd(), kPatient, "its end"));
}

TEST(ChildProcess, KeepsTheDescriptorsItIsToldToAndNoOthers) {
  auto kept = Pipe::open();
  auto closed = Pipe::open();
  ASSERT_TRUE(kept && closed);
  // Out of order and with gaps, as the ranges in between are what is closed.
  const std::array fds{kept->write_end.get(), kept->read_end.get(), closed->read_end.get(), closed->write_end.get()};
  const auto open_ones = [fds] {
    int bits = 0;
    for (std::size_t i = 0; i < fds.size(); ++i) {
      if (fcntl(fds.at(i), F_GETFD) >= 0) bits |= 1 << i;
    }
    return bits;
  };
  ASSERT_EQ(open_ones(), 0b1111);
  EXPECT_EQ(status_of({.name = "two kept", .keep_fds = {fds[0], fds[1]}}, open_ones), 0b0011);
  EXPECT_EQ(status_of({.name = "ends kept", .keep_fds = {fds[3], fds[0]}}, open_ones), 0b1001);
  EXPECT_EQ(status_of({.name = "none kept"}, open_ones), 0);
}

TEST(ChildProcess, HandsKeptDescriptorsToTheProgramItRuns) {
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  const int fd = pipe->write_end.get();
  auto child = ChildProcess::exec({.name = "sh", .keep_fds = {fd}}, {"sh", "-c", fmt::format("echo hello >&{}", fd)});
  ASSERT_TRUE(child) << child.error().message;
  ASSERT_EQ(child->wait(kPatient), 0);
  pipe->write_end.reset();
  EXPECT_EQ(content_of(*pipe), "hello\n");
}

TEST(ChildProcess, WritesWhereItsOutputsPoint) {
  auto out = Pipe::open();
  auto err = Pipe::open();
  ASSERT_TRUE(out && err);
  auto child = ChildProcess::exec({.name = "sh", .stdout_fd = out->write_end.get(), .stderr_fd = err->write_end.get()},
                                  {"sh", "-c", "echo data; echo talk >&2"});
  ASSERT_TRUE(child) << child.error().message;
  ASSERT_EQ(child->wait(kPatient), 0);
  out->write_end.reset();
  err->write_end.reset();
  EXPECT_EQ(content_of(*out), "data\n");
  EXPECT_EQ(content_of(*err), "talk\n");
}

TEST(ChildProcess, RunsOnTheCpusItIsGivenAlone) {
  const int cpu = allowed_cpus().back();
  EXPECT_EQ(status_of({.name = "pinned", .cpus = {cpu}}, [cpu] { return allowed_cpus() == std::vector{cpu} ? 0 : 1; }),
            0);
}

TEST(ChildProcess, DoesNotRunWhereItMayNot) {
  EXPECT_EQ(status_of({.name = "nowhere", .cpus = {kNoSuchCpu}}, [] { return 0; }), 127);
}

TEST(ChildProcess, IsInAProcessGroupOfItsOwnOutOfReachOfCtrlC) {
  EXPECT_EQ(status_of({.name = "leader"}, [] { return getpgrp() == getpid() ? 0 : 1; }), 0);
}

TEST(ChildProcess, StartsWithNoSignalBlockedAndSigpipeAtItsDefault) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  ASSERT_EQ(sigprocmask(SIG_BLOCK, &blocked, &before), 0);
  const auto old_handler = std::signal(SIGPIPE, SIG_IGN);
  const int status = status_of({.name = "signals"}, [] {
    sigset_t mask;
    sigprocmask(SIG_BLOCK, nullptr, &mask);
    if (sigismember(&mask, SIGINT) != 0) return 1;
    return std::signal(SIGPIPE, SIG_IGN) == SIG_DFL ? 0 : 2;
  });
  (void)std::signal(SIGPIPE, old_handler);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(status, 0);
}

TEST(ChildProcess, HasItsNameCutTo15CharactersAsItsComm) {
  EXPECT_EQ(status_of({.name = "a-name-of-19-letter"},
                      [] {
                        std::array<char, 16> comm{};
                        prctl(PR_GET_NAME, comm.data());
                        return std::string(comm.data()) == "a-name-of-19-le" ? 0 : 1;
                      }),
            0);
}

// The middle process runs the sleeper and leaves without destructors, as if it had crashed. The sleeper holds the only
// writing end of a pipe, which therefore comes to its end when the sleeper dies.
TEST(ChildProcess, DiesWithItsParent) {
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  const int fd = pipe->write_end.get();
  auto middle = ChildProcess::run({.name = "middle", .keep_fds = {fd}}, [fd] {
    auto child = ChildProcess::run({.name = "sleeper", .keep_fds = {fd}}, [fd] {
      (void)!write(fd, "x", 1);
      return pause();
    });
    if (child) pause();
    return 1;
  });
  ASSERT_TRUE(middle) << middle.error().message;
  pipe->write_end.reset();
  ASSERT_TRUE(wait_readable(pipe->read_end.get(), kPatient, "the sleeper"));
  char mark = 0;
  ASSERT_EQ(read(pipe->read_end.get(), &mark, 1), 1);
  ASSERT_FALSE(wait_readable(pipe->read_end.get(), kImpatient, "the sleeper")) << "it must still run";
  middle->send_signal(SIGKILL);
  ASSERT_EQ(middle->wait(kPatient), 128 + SIGKILL);
  EXPECT_TRUE(wait_readable(pipe->read_end.get(), kPatient, "the sleeper's end"));
}

TEST(OutputOf, AProgramIsItsStdoutAndStderrInOrderAndItsStatus) {
  const auto output = output_of({"sh", "-c", "echo one; echo two >&2; echo three; exit 3"}, kPatient);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->text, "one\ntwo\nthree\n");
  EXPECT_EQ(output->status, 3);
}

TEST(OutputOf, AProgramMayBeLongerThanAPipeHolds) {
  const auto output = output_of({"head", "-c", "200000", "/dev/zero"}, kPatient);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->text.size(), 200'000U);
  EXPECT_EQ(output->status, 0);
}

TEST(OutputOf, AnUnknownProgramIsEmptyWithStatus127) {
  const auto output = output_of({"sockscope-has-no-such-program"}, kPatient);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->text, "");
  EXPECT_EQ(output->status, 127);
}

TEST(OutputOf, ASilentProgramIsAnErrorThatNamesIt) {
  const auto output = output_of({"sleep", "60"}, kImpatient);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(output.error().message, "no answer from sleep within 50 ms");
}

}  // namespace
}  // namespace sockscope
