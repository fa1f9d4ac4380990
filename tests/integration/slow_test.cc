// Delays that are made on purpose: `slow` must name what made them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/cpu_list.h"
#include "base/monotonic_clock.h"
#include "tests/integration/sockscope_program.h"

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using testing::Scratch;
using ::testing::SizeIs;
using Json = nlohmann::ordered_json;

constexpr const char* kHogName = "sockscope-hog";
constexpr int kHogCpu = 1;
constexpr std::uint64_t kBurst = 5'000'000;
constexpr std::uint64_t kMs = 1'000'000;

[[noreturn]] void hog() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NAME, kHogName);
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(kHogCpu, &cpus);
  const sched_param priority{.sched_priority = 50};
  if (sched_setaffinity(0, sizeof cpus, &cpus) != 0 || sched_setscheduler(0, SCHED_FIFO, &priority) != 0) _exit(1);
  while (true) {
    const std::uint64_t end = monotonic_now_ns() + kBurst;
    while (monotonic_now_ns() < end) {
    }
    const timespec pause{.tv_sec = 0, .tv_nsec = 40'000'000};
    nanosleep(&pause, nullptr);
  }
}

/// A task of a higher priority than anybody else's, which takes the receiver's CPU for 5 ms again and again.
class Hog {
 public:
  Hog() : pid_(fork()) {
    if (pid_ == 0) hog();
  }
  Hog(const Hog&) = delete;
  Hog(Hog&&) = delete;
  Hog& operator=(const Hog&) = delete;
  Hog& operator=(Hog&&) = delete;
  ~Hog() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

/// To the nanosecond.
void expect_paths_that_add_up(const Json& report) {
  for (const Json& story : report.at("slowest")) {
    std::uint64_t sum = 0;
    for (const Json& segment : story.at("segments")) sum += segment.at("duration_ns").get<std::uint64_t>();
    EXPECT_EQ(sum, story.at("duration_ns")) << story.dump();
  }
}

class Slow : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_TRACING(); }

  testing::Finished record(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"record"});
    auto finished = testing::sockscope(arguments);
    EXPECT_EQ(finished.status, 0) << finished.err;
    return finished;
  }

  [[nodiscard]] Json slowest(const std::string& most) const {
    const auto finished = testing::sockscope({"slow", directory(), "--top", most, "--format", "json"});
    EXPECT_EQ(finished.status, 0) << finished.err;
    Json report = Json::parse(finished.out, nullptr, false);
    expect_paths_that_add_up(report);
    return report;
  }

  [[nodiscard]] std::string directory() const { return (scratch_ / "run").string(); }

 private:
  Scratch scratch_;
};

class SlowByAHog : public Slow, public ::testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(Recorded, SlowByAHog, ::testing::Values("lab", "path"),
                         [](const auto& recorded) { return std::string("With_") + recorded.param; });

// A busy machine has other delays, longer ones among them: that of the hog must be there and have its name and length.
TEST_P(SlowByAHog, IsSlowInTheWakeUpAndNamesTheHog) {
  if (allowed_cpus().size() < 2) GTEST_SKIP() << "takes two CPUs";
  const Hog hog;
  record({"--proto", "tcp", "--cpus", "0,1", "--count", "20000", "--events", GetParam(), directory()});
  const Json report = slowest("200");
  std::vector<std::uint64_t> of_hog;
  for (const Json& story : report.at("slowest")) {
    const Json& culprit = story.at("culprit");
    const bool is_it =
        culprit.at("cause") == "other-task" && culprit.at("who") == Json{{"tid", hog.pid()}, {"comm", kHogName}};
    if (!is_it) continue;
    EXPECT_EQ(culprit.at("direction"), "request");
    EXPECT_EQ(culprit.at("stage"), "wake-up");
    EXPECT_EQ(culprit.at("cpu"), kHogCpu);
    EXPECT_EQ(culprit.at("task").at("tid"), story.at("server").at("tid"));
    of_hog.push_back(culprit.at("duration_ns").get<std::uint64_t>());
  }
  EXPECT_THAT(of_hog, ::testing::Contains(AllOf(Ge(kBurst - kBurst / 20), Le(kBurst + kBurst / 20)))) << report.dump(1);
}

// Both CPUs are recorded, since a timer of an idle one may be run by the other. A busy machine holds up a few of them
// for longer, and by something else.
TEST_F(Slow, NamesNaglesAlgorithmThatWaitsForADelayedAcknowledgement) {
  if (allowed_cpus().size() < 2) GTEST_SKIP() << "takes two CPUs";
  constexpr int count = 20;
  record({"--proto", "tcp", "--cpus", "0,1", "--pattern", "write-write-read", "--no-nodelay", "--size", "128",
          "--count", std::to_string(count), "--warm-up", "2", directory()});
  const Json report = slowest(std::to_string(count));
  ASSERT_THAT(report.at("slowest"), SizeIs(count));
  int named = 0;
  for (const Json& story : report.at("slowest")) {
    const Json& culprit = story.at("culprit");
    if (story.at("kind") != "round-trip" || culprit.at("cause") != "delayed-ack" || !culprit.at("certain")) continue;
    ++named;
    EXPECT_EQ(culprit.at("direction"), "request");
    EXPECT_EQ(culprit.at("stage"), "send");
    EXPECT_EQ(culprit.at("who").at("tid"), story.at("server").at("tid"));
    EXPECT_THAT(culprit.at("duration_ns").get<std::uint64_t>(), AllOf(Ge(35 * kMs), Le(200 * kMs)));
  }
  EXPECT_THAT(named, Ge(count * 3 / 4)) << report.at("slowest").dump(1);
  const auto table = testing::sockscope({"slow", directory(), "--top", std::to_string(count)});
  EXPECT_THAT(table.out, HasSubstr("\n  request send, "));
  EXPECT_THAT(table.out, HasSubstr("Nagle's"));
}

// The receiver sleeps while 31 datagrams of 500 bytes come to a buffer that cannot hold ten.
TEST_F(Slow, CountsDatagramsThatMetAFullBufferAndSaysWhyTheOthersWaited) {
  constexpr const char* program = R"(
import os, socket, sys, time
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
receiver.bind(("127.0.0.1", 0))
address = receiver.getsockname()
if os.fork() == 0:
    time.sleep(0.3)
    receiver.settimeout(0.5)
    received = 0
    try:
        while receiver.recv(2000): received += 1
    except TimeoutError: pass
    print("received", received, "of 31")
    sys.stdout.flush()
    os._exit(0)
receiver.close()
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.connect(address)
for i in range(31): sender.send(b"x" * 500)
os.wait()
)";
  const auto recorded = record({directory(), "--", "python3", "-c", program});
  int received = 0;
  const auto said = recorded.err.find("received ");
  ASSERT_NE(said, std::string::npos) << recorded.err;
  ASSERT_EQ(std::sscanf(recorded.err.c_str() + said, "received %d of 31", &received), 1);
  ASSERT_LT(received, 31);
  const Json report = slowest("40");
  EXPECT_EQ(report.at("lost").at("count"), 31 - received);
  EXPECT_EQ(report.at("lost").at("cause"), "receive-buffer-full");
  EXPECT_THAT(report.at("slowest"), SizeIs(received));
  for (const Json& story : report.at("slowest")) {
    EXPECT_EQ(story.at("culprit").at("cause"), "blocked") << story.dump(1);
    EXPECT_EQ(story.at("culprit").at("task").at("tid"), story.at("server").at("tid"));
    EXPECT_THAT(story.at("duration_ns").get<std::uint64_t>(), Ge(250 * kMs));
  }
  const auto table = testing::sockscope({"slow", directory(), "--top", "1"});
  EXPECT_THAT(table.out, HasSubstr("datagrams: the receiver's buffer was full (udp:udp_fail_queue_rcv_skb)"));
}

}  // namespace
}  // namespace sockscope
