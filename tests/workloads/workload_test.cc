#include "workloads/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/child_process.h"
#include "tests/workloads/connected_ends.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

using std::chrono::steady_clock;
using ::testing::AnyOf;
using ::testing::StartsWith;

constexpr WaitLimits kPatient{.timeout = std::chrono::seconds{20}};
constexpr int kNoSuchCpu = 1023;

bool exists(pid_t pid) { return ::kill(pid, 0) == 0; }

/// Started and warmed up. Ignores SIGPIPE as the program does.
class WorkloadTest : public testing::TestWithParam<Protocol> {
 protected:
  WorkloadTest() : handler_before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~WorkloadTest() override { (void)std::signal(SIGPIPE, handler_before_); }

  static WorkloadSpec spec(std::uint64_t count = 200) {
    return ShortRun{.protocol = GetParam(), .count = count, .warm_up = 10}.spec();
  }

  static Workload warm(const WorkloadSpec& spec) {
    auto workload = Workload::start(spec, kPatient);
    if (!workload) throw std::runtime_error(workload.error().message);
    if (auto warm = workload->warm_up(kPatient); !warm) throw std::runtime_error(warm.error().message);
    return std::move(*workload);
  }

 private:
  void (*handler_before_)(int);
};

INSTANTIATE_TEST_SUITE_P(Protocols, WorkloadTest, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(WorkloadTest, MeasuresExactlyTheRoundTripsAskedFor) {
  Workload workload = warm(spec());
  const auto results = workload.measure(kPatient);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->client.round_trips, 200U);
  EXPECT_EQ(results->client.rtt.count(), 200U);
  EXPECT_EQ(results->client.lost, 0U);
  EXPECT_EQ(results->server.round_trips, 200U);
  EXPECT_TRUE(workload.finish(kPatient));
}

TEST_P(WorkloadTest, WorksWithoutAWarmUp) {
  WorkloadSpec no_warm_up = spec(5);
  no_warm_up.warm_up = 0;
  Workload workload = warm(no_warm_up);
  const auto results = workload.measure(kPatient);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->client.round_trips, 5U);
  EXPECT_EQ(results->server.round_trips, 5U);
}

TEST_P(WorkloadTest, KnowsItsEndsBeforeTheyMeasure) {
  Workload workload = warm(spec(3));
  EXPECT_EQ(workload.client().identity().role, Role::kClient);
  EXPECT_EQ(workload.server().identity().role, Role::kServer);
  EXPECT_TRUE(exists(workload.client().identity().tid));
  EXPECT_TRUE(exists(workload.server().identity().tid));
  const auto results = workload.measure(kPatient);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->client.identity.role, Role::kClient);
  EXPECT_EQ(results->client.identity.tid, workload.client().identity().tid);
  EXPECT_EQ(results->client.identity.fd, workload.client().identity().fd);
  EXPECT_EQ(results->server.identity.role, Role::kServer);
  EXPECT_EQ(results->server.identity.tid, workload.server().identity().tid);
  EXPECT_EQ(results->server.identity.fd, workload.server().identity().fd);
}

// On one CPU an end can only run when the other has left it: each round trip takes a switch away from either end, but
// for the last answer, which may find its client still waiting for the CPU. A receive blocks once at most.
TEST_P(WorkloadTest, SwitchesOncePerRoundTripAtEitherEndOfOneCpu) {
  Workload workload = warm(spec());
  const auto results = workload.measure(kPatient);
  ASSERT_TRUE(results) << results.error().message;
  for (const EndResult& end : {results->client, results->server}) {
    const auto& usage = end.usage;
    EXPECT_GE(usage.voluntary_switches + usage.involuntary_switches, 199U) << name_of(end.identity.role);
    EXPECT_LE(usage.voluntary_switches, 201U) << name_of(end.identity.role);
  }
}

TEST_P(WorkloadTest, LeavesNothingRunningWhenItIsFinished) {
  Workload workload = warm(spec(3));
  const auto tids = workload.tids();
  ASSERT_TRUE(workload.measure(kPatient));
  ASSERT_TRUE(exists(tids[0]) && exists(tids[1])) << "they stay until finish()";
  EXPECT_TRUE(workload.finish(kPatient));
  EXPECT_FALSE(exists(tids[0]));
  EXPECT_FALSE(exists(tids[1]));
}

TEST_P(WorkloadTest, LeavesNothingRunningWhenItIsDropped) {
  std::optional<Workload> workload(warm(spec(3)));
  const auto tids = workload->tids();
  ASSERT_TRUE(exists(tids[0]) && exists(tids[1]));
  workload.reset();
  EXPECT_FALSE(exists(tids[0]));
  EXPECT_FALSE(exists(tids[1]));
}

TEST_P(WorkloadTest, SaysThatItsPortIsTaken) {
  const auto other = bind_server(GetParam(), 0);
  ASSERT_TRUE(other) << other.error().message;
  WorkloadSpec taken = spec();
  taken.port = local_port(other->get()).value_or(0);
  const auto workload = Workload::start(taken, kPatient);
  ASSERT_FALSE(workload);
  EXPECT_EQ(workload.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(workload.error().message,
            fmt::format("{} port {} on 127.0.0.1 is taken: choose another --port, or none for one that is free",
                        name_of(GetParam()), taken.port));
}

TEST_P(WorkloadTest, MayRunBesideAnotherOne) {
  Workload first = warm(spec(5));
  Workload second = warm(spec(5));
  ASSERT_TRUE(second.measure(kPatient));
  ASSERT_TRUE(first.measure(kPatient));
}

TEST_P(WorkloadTest, CannotStartOnACpuThatIsNotThere) {
  WorkloadSpec nowhere = spec();
  nowhere.client_cpu = kNoSuchCpu;
  const auto workload = Workload::start(nowhere, kPatient);
  ASSERT_FALSE(workload);
  EXPECT_EQ(workload.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(workload.error().message, "the echo-client process ended unexpectedly");
}

TEST_P(WorkloadTest, FailsWhenItsClientIsKilled) {
  Workload workload = warm(spec(1'000'000'000));
  const auto start = steady_clock::now();
  const std::jthread killer([pid = workload.client().identity().tid] {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    ::kill(pid, SIGKILL);
  });
  const auto results = workload.measure(kPatient);
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(results.error().message, "the echo-client process ended unexpectedly");
  EXPECT_LT(steady_clock::now() - start, kPatient.timeout);
}

TEST_P(WorkloadTest, FailsWhenItsServerIsKilled) {
  WorkloadSpec endless = spec(1'000'000'000);
  // A request that the server took with it counts as lost, and the next one is refused.
  endless.receive_timeout = std::chrono::milliseconds{50};
  Workload workload = warm(endless);
  const auto start = steady_clock::now();
  const std::jthread killer([pid = workload.server().identity().tid] {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    ::kill(pid, SIGKILL);
  });
  const auto results = workload.measure(kPatient);
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kEnvironment);
  // Which of them depends on where the request was.
  EXPECT_THAT(results.error().message, AnyOf("the client failed: the server closed the connection",
                                             "the client failed: cannot receive: Connection reset by peer",
                                             "the client failed: cannot receive: Connection refused",
                                             "the client failed: cannot send: Connection refused"));
  EXPECT_LT(steady_clock::now() - start, kPatient.timeout);
}

TEST_P(WorkloadTest, SaysSoWhenAnEndIsGoneBeforeItMeasures) {
  Workload workload = warm(spec());
  ::kill(workload.client().identity().tid, SIGKILL);
  // Once its pipe is broken there is nobody to write to; until then, nobody who answers.
  const auto results = workload.measure(kPatient);
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(results.error().message, "the echo-client process ended unexpectedly");
}

TEST_P(WorkloadTest, EndsEarlyWhenTheUserInterrupts) {
  std::optional<Workload> workload(warm(spec(1'000'000'000)));
  const auto tids = workload->tids();
  auto interrupt = Pipe::open();
  ASSERT_TRUE(interrupt);
  ASSERT_TRUE(write_all(interrupt->write_end.get(), "x", "us"));
  const auto results = workload->measure({.timeout = std::chrono::hours{1}, .interrupt_fd = interrupt->read_end.get()});
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kInterrupted);
  workload.reset();
  EXPECT_FALSE(exists(tids[0]));
  EXPECT_FALSE(exists(tids[1]));
}

}  // namespace
}  // namespace sockscope
