#include "workloads/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "base/monotonic_clock.h"
#include "tests/workloads/workload_fixture.h"
#include "workloads/workload_table.h"

namespace sockscope {
namespace {

WorkloadSpec calibration_of(std::uint64_t count) {
  WorkloadSpec spec = ShortRun{.count = count}.spec();
  spec.kind = WorkloadKind::kCalibration;
  return spec;
}

template <class End>
Result<EndResult> run_end(End&& end) {
  if (auto warm = end.warm_up(); !warm) return pass_on(warm);
  return end.measure();
}

/// Both ends, the server in a thread of its own.
struct BothEnds {
  explicit BothEnds(const WorkloadSpec& spec) : sockets(*open_token_path(spec)) {
    const TokenPath path{.to_server = sockets.open.front().get(), .to_client = sockets.open.back().get()};
    const std::jthread thread([&] { server = run_end(CalibrationServer(path)); });
    client = run_end(CalibrationClient(path, spec));
  }

  ServerSockets sockets;
  Result<EndResult> client;
  Result<EndResult> server;
};

TEST(Calibration, CountsEveryRoundTripAtBothEndsAndNoneOfTheWarmUp) {
  const BothEnds ends(calibration_of(20));
  ASSERT_TRUE(ends.client) << ends.client.error().message;
  ASSERT_TRUE(ends.server) << ends.server.error().message;
  EXPECT_EQ(ends.client->round_trips, 20U);
  EXPECT_EQ(ends.client->rtt.count(), 20U);
  EXPECT_EQ(ends.server->round_trips, 20U);
  EXPECT_EQ(ends.server->rtt.count(), 0U);
}

TEST(Calibration, SpendsAllOfItsTimeInRoundTrips) {
  const std::uint64_t before = monotonic_now_ns();
  const BothEnds ends(calibration_of(20));
  const std::uint64_t after = monotonic_now_ns();
  ASSERT_TRUE(ends.client) << ends.client.error().message;
  EXPECT_EQ(ends.client->rtt.sum(), ends.client->end_ns - ends.client->start_ns);
  EXPECT_LE(before, ends.client->start_ns);
  EXPECT_LE(ends.client->end_ns, after);
}

TEST(Calibration, EndsWhenItsTimeIsUp) {
  WorkloadSpec spec = calibration_of(1'000'000'000);
  spec.duration = std::chrono::milliseconds{20};
  const BothEnds ends(spec);
  ASSERT_TRUE(ends.client && ends.server);
  EXPECT_GE(ends.client->rtt.sum(), 20'000'000U);
  EXPECT_LE(ends.client->rtt.sum(), 20'000'000U + ends.client->rtt.max());
  EXPECT_EQ(ends.server->round_trips, ends.client->round_trips);
}

TEST(Calibration, WorksWithoutAWarmUp) {
  WorkloadSpec spec = calibration_of(2);
  spec.warm_up = 0;
  const BothEnds ends(spec);
  ASSERT_TRUE(ends.client && ends.server);
  EXPECT_EQ(ends.client->round_trips, 2U);
  EXPECT_EQ(ends.server->round_trips, 2U);
}

// It has no protocol that could be compared with another.
TEST(Calibration, IsNoWorkloadToChoose) {
  EXPECT_EQ(find_workload("calibration"), nullptr);
  EXPECT_EQ(row_of(WorkloadKind::kCalibration).name, "calibration");
}

/// Both ends in processes, as the harness runs them.
class CalibrationInProcesses : public EndsInProcesses {};

TEST_F(CalibrationInProcesses, MeasuresExactlyTheRoundTripsAskedFor) {
  Workload workload = warm(calibration_of(200));
  const auto results = workload.measure(kPatient);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->client.round_trips, 200U);
  EXPECT_EQ(results->client.rtt.count(), 200U);
  EXPECT_EQ(results->server.round_trips, 200U);
  EXPECT_TRUE(workload.finish(kPatient));
}

TEST_F(CalibrationInProcesses, HasNoSocketAtEitherEnd) {
  const Workload workload = warm(calibration_of(1));
  for (const Worker* end : {&workload.client(), &workload.server()}) {
    for (const auto& fd : std::filesystem::directory_iterator("/proc/" + std::to_string(end->pid()) + "/fd")) {
      EXPECT_THAT(std::filesystem::read_symlink(fd).string(), testing::Not(testing::StartsWith("socket:")));
    }
  }
}

TEST_F(CalibrationInProcesses, SaysThatTheServerDoesNotAnswer) {
  WorkloadSpec spec = calibration_of(1'000'000'000);
  spec.receive_timeout = std::chrono::milliseconds{50};
  Workload workload = warm(spec);
  const std::jthread killer([pid = workload.server().pid()] {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    kill(pid, SIGKILL);
  });
  const auto results = workload.measure(kPatient);
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(results.error().message, "the client failed: the token does not come back from the server");
}

TEST_F(CalibrationInProcesses, SaysThatTheClientIsGone) {
  Workload workload = warm(calibration_of(1'000'000'000));
  const std::jthread killer([pid = workload.client().pid()] {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    kill(pid, SIGKILL);
  });
  const auto results = workload.measure(kPatient);
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(results.error().message, "the calibration-client process ended unexpectedly");
}

}  // namespace
}  // namespace sockscope
