#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/integration/sockscope_program.h"
#include "workloads/socket.h"

/// What goes wrong in real life: each way out has its one sentence, its exit status, and leaves nothing running.
namespace sockscope {
namespace {

using testing::Finished;
using ::testing::HasSubstr;
using testing::Scratch;
using ::testing::StartsWith;

void expect_one_sentence(const Finished& finished) {
  EXPECT_THAT(finished.err, StartsWith("sockscope: "));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  EXPECT_EQ(finished.out, "");
}

std::vector<pid_t> descendants(pid_t parent) {
  std::vector<pid_t> pids;
  for (const auto& [pid, comm] : testing::children_of(parent)) pids.push_back(pid);
  return pids;
}

TEST(TakenPort, IsNamedWithTheFix) {
  auto taken = bind_server(Protocol::kTcp, 0);
  ASSERT_TRUE(taken);
  const std::string port = std::to_string(*local_port(taken->get()));
  const auto finished = testing::sockscope({"compare", "--untraced", "--quick", "--port", port});
  EXPECT_EQ(finished.status, 3);
  expect_one_sentence(finished);
  EXPECT_THAT(finished.err, HasSubstr("tcp port " + port + " on 127.0.0.1 is taken: choose another --port"));
}

TEST(MissingPerf, EndsARecordingWithTheCommandThatInstallsIt) {
  ASSERT_EQ(setenv("PATH", "/nonexistent", 1), 0);
  const Scratch scratch;
  const auto finished = testing::sockscope({"record", "--proto", "tcp", (scratch / "run").string()});
  const auto doctor = testing::sockscope({"doctor"});
  ASSERT_EQ(setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1), 0);
  EXPECT_EQ(finished.status, 3);
  expect_one_sentence(finished);
  EXPECT_THAT(finished.err, HasSubstr("apt-get install linux-perf"));
  EXPECT_EQ(doctor.status, 3);
  EXPECT_THAT(doctor.out, HasSubstr("MISSING  perf"));
}

TEST(Unprivileged, StillComparesUntracedAndSaysWhatIsMissing) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become an ordinary user";
  const auto finished = testing::run({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", SOCKSCOPE_PROGRAM,
                                      "compare", "--quick", "--count", "500", "--format", "json"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  const auto report = nlohmann::json::parse(finished.out, nullptr, false);
  EXPECT_EQ(report.at("mode"), "untraced-only");
  EXPECT_EQ(report.at("protocols").at("udp").at("untraced").at("rtt_ns").at("count"), 8 * 500);
  EXPECT_FALSE(report.at("protocols").at("udp").contains("traced"));
  EXPECT_FALSE(report.at("missing").empty());
}

TEST(Interrupt, KeepsWhatWasFinishedAndLeavesNothingRunning) {
  SKIP_WITHOUT_TRACING();
  const Scratch scratch;
  const auto directory = scratch / "run";
  auto child = testing::start_sockscope({"compare", "--rounds", "1", "--count", "1000", "--capture", "perf", "--keep",
                                         directory.string(), "-o", (scratch / "report").string()});
  // perf runs in the third step: two untraced runs are finished by then.
  ASSERT_NE(testing::wait_for_child(child.pid(), "perf", std::chrono::seconds{60}), 0);
  const auto started = descendants(child.pid());
  EXPECT_EQ(started.size(), 3U);
  child.send_signal(SIGINT);
  const auto status = child.wait({.timeout = std::chrono::seconds{20}});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 130);
  for (const pid_t pid : started) EXPECT_FALSE(testing::is_alive(pid)) << pid;
  std::ifstream file(directory / "summary.json");
  const auto summary = nlohmann::json::parse(file, nullptr, false);
  EXPECT_EQ(summary.at("interrupted"), true);
  EXPECT_EQ(summary.at("protocols").at("tcp").at("untraced").at("rtt_ns").at("count"), 1000);
  EXPECT_EQ(summary.at("protocols").at("udp").at("untraced").at("rtt_ns").at("count"), 1000);
}

TEST(KilledPerf, EndsTheRunWithASentenceAndLeavesNothingRunning) {
  SKIP_WITHOUT_TRACING();
  const Scratch scratch;
  auto child = testing::start_sockscope(
      {"record", "--proto", "tcp", "--duration", "30", "--capture", "perf", (scratch / "run").string()});
  const pid_t perf = testing::wait_for_child(child.pid(), "perf", std::chrono::seconds{60});
  ASSERT_NE(perf, 0);
  const auto started = descendants(child.pid());
  ASSERT_EQ(kill(perf, SIGKILL), 0);
  const auto status = child.wait({.timeout = std::chrono::seconds{60}});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 3);
  for (const pid_t pid : started) EXPECT_FALSE(testing::is_alive(pid)) << pid;
}

TEST(KilledWorkload, EndsTheRunWithASentenceAndLeavesNothingRunning) {
  auto child = testing::start_sockscope({"compare", "--untraced", "--rounds", "1", "--duration", "30"});
  const pid_t server = testing::wait_for_child(child.pid(), "echo-server", std::chrono::seconds{20});
  const pid_t client = testing::wait_for_child(child.pid(), "echo-client", std::chrono::seconds{20});
  ASSERT_NE(server, 0);
  ASSERT_NE(client, 0);
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  ASSERT_EQ(kill(client, SIGKILL), 0);
  const auto status = child.wait({.timeout = std::chrono::seconds{20}});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 3);
  EXPECT_FALSE(testing::is_alive(server));
}

struct BadInput {
  std::string name;
  std::vector<std::string> arguments;
  int status;
  std::string part;
};

class BadInputs : public ::testing::TestWithParam<BadInput> {};

TEST_P(BadInputs, EndWithOneSentence) {
  const auto finished = testing::sockscope(GetParam().arguments);
  EXPECT_EQ(finished.status, GetParam().status);
  expect_one_sentence(finished);
  EXPECT_THAT(finished.err, HasSubstr(GetParam().part));
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, BadInputs,
    ::testing::Values(BadInput{"NoCommand",
                               {},
                               2,
                               "compare, record, baseline, gate, report, diff, slow, functions, events, topologies, "
                               "nc, doctor or lttng-script"},
                      BadInput{"NoSuchCommand", {"bogus"}, 2, "bogus"},
                      BadInput{"SizeZero", {"compare", "--size", "0"}, 2, "--size"},
                      BadInput{"SizeBeyondADatagram", {"compare", "--size", "65508"}, 2, "65507"},
                      BadInput{"NoSuchCpu", {"compare", "--cpus", "0,4000"}, 2, "CPU 4000 is not allowed here"},
                      BadInput{"OneCpuOnly", {"compare", "--cpus", "0"}, 2, "expected two CPU numbers"},
                      BadInput{"CountAndDuration", {"compare", "--count", "1", "--duration", "1"}, 2, "--duration"},
                      BadInput{"NoSuchFormat", {"report", "x", "--format", "xml"}, 2, "xml"},
                      BadInput{"NoSuchProtocol", {"record", "--proto", "sctp", "d"}, 2, "sctp"},
                      BadInput{"NoSuchFile", {"report", "/nonexistent"}, 4, "/nonexistent: No such file"},
                      BadInput{"NoPerfData", {"report", "/etc/passwd"}, 4, "not a perf.data file"},
                      BadInput{"NoRunDirectory", {"report", "/proc"}, 4, "neither run.json nor data"},
                      BadInput{"DiffOfNoRuns", {"diff", "/proc", "/proc"}, 4, "/proc is not a run directory"},
                      BadInput{"DiffOfOneRun", {"diff", "run"}, 2, "RUN_B"},
                      BadInput{"UnwritableOutput", {"doctor", "--nonsense"}, 2, "--nonsense"}),
    [](const auto& chosen) { return chosen.param.name; });

}  // namespace
}  // namespace sockscope
