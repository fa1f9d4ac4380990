#include "harness/perf_recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include "tests/harness/fake_perf.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::Contains;
using ::testing::MatchesRegex;

constexpr WaitLimits kPatient{.timeout = std::chrono::seconds{20}};

bool exists(pid_t pid) { return ::kill(pid, 0) == 0; }

/// A recording of a perf that is not the real one. Ignores SIGPIPE as the program does.
class PerfRecordingTest : public testing::Test {
 protected:
  PerfRecordingTest() : handler_before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~PerfRecordingTest() override { (void)std::signal(SIGPIPE, handler_before_); }

  [[nodiscard]] Result<PerfRecording> start() const {
    return PerfRecording::start({.output = directory_ / "tcp-1.perf.data",
                                 .events = {{"net:netif_rx", Scope::kContext}},
                                 .tids = {1},
                                 .cpus = {0},
                                 .buffer_bytes = 8'388'608},
                                {});
  }

  /// What enable() says of a perf that behaves so.
  [[nodiscard]] std::string enable_error(const FakePerfBehaviour& behaviour) const {
    const FakePerf perf(behaviour);
    auto recording = start();
    if (!recording) return "not started: " + recording.error().message;
    const auto enabled = recording->enable(kPatient);
    if (enabled) return "no error";
    EXPECT_EQ(enabled.error().kind, ErrorKind::kEnvironment);
    return enabled.error().message;
  }

  TempTree directory_;

 private:
  void (*handler_before_)(int);
};

TEST_F(PerfRecordingTest, IsEnabledDisabledAndFinished) {
  const FakePerf perf({.answer = R"(echo "$command" >> "$output"; say 'ack\n\0')"});
  auto recording = start();
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_TRUE(recording->disable(kPatient));
  EXPECT_TRUE(recording->enable(kPatient));
  EXPECT_TRUE(recording->disable(kPatient));
  EXPECT_TRUE(recording->finish(kPatient));
  EXPECT_EQ(content_of(directory_ / "tcp-1.perf.data"), "disable\nenable\ndisable\n");
}

TEST_F(PerfRecordingTest, KeepsTheCommandLineAsItRan) {
  const FakePerf perf;
  const auto recording = start();
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_THAT(recording->command(), Contains("net:netif_rx"));
  EXPECT_THAT(recording->command(), Contains(MatchesRegex("fd:[0-9]+,[0-9]+")));
}

// A perf that SIGINT ended may raise it again after it has written its file.
TEST_F(PerfRecordingTest, IsFinishedByPerfsDeathOfItsInterrupt) {
  const FakePerf perf({.on_interrupt = "trap - INT; kill -INT $$"});
  auto recording = start();
  ASSERT_TRUE(recording) << recording.error().message;
  ASSERT_TRUE(recording->enable(kPatient));
  EXPECT_TRUE(recording->finish(kPatient));
}

TEST_F(PerfRecordingTest, FailsWhenPerfCannotWriteItsFile) {
  const FakePerf perf({.on_interrupt = "echo failed to write perf data, error: No space left on device >&2; exit 255"});
  auto recording = start();
  ASSERT_TRUE(recording) << recording.error().message;
  ASSERT_TRUE(recording->enable(kPatient));
  const auto finished = recording->finish(kPatient);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(finished.error().message, "the disk is full: perf could not write its recording");
}

TEST_F(PerfRecordingTest, SaysWhyPerfDidNotStart) {
  ASSERT_EQ(enable_error({}), "no error");
  EXPECT_EQ(enable_error({.at_start = "echo 'Error:' >&2; echo 'No permission to enable it.' >&2; exit 255"}),
            "perf has no permission to trace: run as root (sudo), or see sockscope doctor");
}

TEST_F(PerfRecordingTest, SaysWhyPerfEndedInBetween) {
  EXPECT_EQ(enable_error({.answer = "echo out of luck; exit 9"}), "perf record failed with status 9: out of luck");
  EXPECT_EQ(enable_error({.answer = "kill -KILL $$"}),
            "perf record was killed by signal 9: try again, with a smaller --count if memory is short");
}

TEST_F(PerfRecordingTest, SaysThatThereIsNoPerf) {
  const ScopedEnvironment path("PATH", directory_.str());
  auto recording = start();
  ASSERT_TRUE(recording) << recording.error().message;
  const auto enabled = recording->enable(kPatient);
  ASSERT_FALSE(enabled);
  EXPECT_EQ(enabled.error().message, "perf is not installed or not in PATH: apt-get install linux-perf");
}

TEST_F(PerfRecordingTest, RefusesAnotherAnswerThanAnAcknowledgement) {
  EXPECT_EQ(enable_error({.answer = R"(say 'what?\n')"}), "perf answered \"what?\" to enable");
}

TEST_F(PerfRecordingTest, DoesNotWaitForASilentPerfForEver) {
  const FakePerf perf({.answer = ":"});
  auto recording = start();
  ASSERT_TRUE(recording) << recording.error().message;
  const auto enabled = recording->enable({.timeout = std::chrono::milliseconds{100}});
  ASSERT_FALSE(enabled);
  EXPECT_EQ(enabled.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(enabled.error().message, "no answer from perf within 100 ms");
}

TEST_F(PerfRecordingTest, EndsEarlyWhenTheUserInterrupts) {
  const FakePerf perf({.answer = ":"});
  auto recording = start();
  auto interrupt = Pipe::open();
  ASSERT_TRUE(recording && interrupt);
  ASSERT_TRUE(write_all(interrupt->write_end.get(), "x", "us"));
  const auto enabled = recording->enable({.timeout = std::chrono::hours{1}, .interrupt_fd = interrupt->read_end.get()});
  ASSERT_FALSE(enabled);
  EXPECT_EQ(enabled.error().kind, ErrorKind::kInterrupted);
}

TEST_F(PerfRecordingTest, LeavesNoPerfAndNoLogBehindWhenItIsDropped) {
  const FakePerf perf({.at_start = R"(echo $$ > "$output"; echo talk >&2)"});
  auto recording = start();
  ASSERT_TRUE(recording) << recording.error().message;
  {
    std::optional<PerfRecording> dropped(std::move(*recording));
    ASSERT_TRUE(dropped->enable(kPatient));
    ASSERT_EQ(content_of(directory_ / "tcp-1.perf.data.log"), "talk\n");
    ASSERT_TRUE(exists(std::stoi(content_of(directory_ / "tcp-1.perf.data"))));
  }
  EXPECT_FALSE(exists(std::stoi(content_of(directory_ / "tcp-1.perf.data"))));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "tcp-1.perf.data.log"));
}

TEST_F(PerfRecordingTest, SaysWhereItCannotWrite) {
  const FakePerf perf;
  const auto recording = PerfRecording::start({.output = directory_ / "none/tcp-1.perf.data"}, {});
  ASSERT_FALSE(recording);
  EXPECT_EQ(recording.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(recording.error().message,
            "cannot write " + directory_.str() + "/none/tcp-1.perf.data.log: No such file or directory");
}

}  // namespace
}  // namespace sockscope
