#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "tests/integration/reports.h"
#include "tests/integration/sockscope_program.h"
#include "tests/integration/workloads_in_namespaces.h"

/// Each workload under each fault: it ends in time, with its exit status and one sentence, and leaves nothing.
///
/// | fault                   | how                                      | ends with |
/// |-------------------------|------------------------------------------|-----------|
/// | an end killed midway    | SIGKILL                                  | 3 |
/// | port closed             | nftables refuses what goes to the server | 3; over UDP, `scan` counts it: it is what it
/// measures | | buffer full             | the smallest that the kernel allows      | 0: TCP waits, UDP loses and counts
/// | | interface without route | --device, of a veth                      | 3 | | descriptor limit        | ulimit -n
/// | 3 |
namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using testing::in_own_namespace;
using testing::Json;
using testing::MeasuredWorkload;
using testing::Scratch;
using ::testing::StartsWith;
using testing::untraced;

constexpr std::chrono::seconds kInTime{8};
constexpr std::chrono::milliseconds kMidway{200};
constexpr std::array kWorkloads{"echo", "message", "rate", "stream", "connect", "scan", "relay", "telnet"};

/// The shortest run of a workload.
std::string short_run(const std::string& workload) {
  return "--workload " + workload + (workload == "scan" ? " --ports 4" : " --count 5 --warm-up 1");
}

/// In an empty directory, and adopts whatever the program leaves running, so that it is seen. A network namespace lives
/// as long as a process in it.
class Fault : public ::testing::Test {
 protected:
  void SetUp() override {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    std::filesystem::current_path(scratch_ / "");
  }

  void TearDown() override {
    std::filesystem::current_path(before_);
    EXPECT_LT(std::chrono::steady_clock::now() - begun_, kInTime);
    EXPECT_TRUE(std::filesystem::is_empty(scratch_ / "")) << "such as perf.data";
    expect_nobody_left();
    prctl(PR_SET_CHILD_SUBREAPER, 0);
  }

  /// Whoever dies with its parent may take a moment.
  static void expect_nobody_left() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{1};
    for (pid_t gone = 0; (gone = waitpid(-1, nullptr, WNOHANG)) >= 0;) {
      if (gone > 0) continue;
      if (std::chrono::steady_clock::now() > deadline) {
        for (const auto& [pid, name] : testing::children_of(getpid())) ADD_FAILURE() << name << " is left";
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }

  static void expect_sentence(const testing::Finished& finished, const ::testing::Matcher<std::string>& sentence) {
    EXPECT_EQ(finished.status, 3);
    EXPECT_THAT(finished.err, StartsWith("sockscope: "));
    EXPECT_THAT(finished.err, sentence);
    EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
    EXPECT_EQ(finished.out, "");
  }

 private:
  Scratch scratch_;
  std::filesystem::path before_ = std::filesystem::current_path();
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

class FaultOfWorkload : public Fault, public ::testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(Each, FaultOfWorkload, ::testing::ValuesIn(kWorkloads),
                         [](const auto& test) { return std::string(test.param); });

class FaultOfEitherProtocol : public Fault,
                              public ::testing::WithParamInterface<std::tuple<const char*, const char*>> {};

INSTANTIATE_TEST_SUITE_P(Each, FaultOfEitherProtocol,
                         ::testing::Combine(::testing::ValuesIn(kWorkloads), ::testing::Values("tcp", "udp")),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) + "_" + std::get<1>(test.param);
                         });

/// A process of that name that is still there after a while: by then scan is at UDP, where it takes its time.
pid_t victim_of(pid_t program, const std::string& name, std::chrono::milliseconds midway) {
  while (true) {
    const pid_t victim = testing::wait_for_child(program, name, std::chrono::seconds{10});
    std::this_thread::sleep_for(midway);
    if (victim == 0 || testing::is_alive(victim)) return victim;
  }
}

/// Starts the program, kills one of its processes midway, and says how it ends.
testing::Finished without(const std::string& name, std::vector<std::string> arguments,
                          std::chrono::milliseconds midway = kMidway) {
  auto err = Pipe::open();
  if (!err) return {.status = -1, .out = "", .err = err.error().message};
  arguments.insert(arguments.begin(), SOCKSCOPE_PROGRAM);
  auto program = ChildProcess::exec({.name = "sockscope", .stderr_fd = err->write_end.get()}, arguments);
  if (!program) return {.status = -1, .out = "", .err = program.error().message};
  err->write_end.reset();
  const pid_t victim = victim_of(program->pid(), name, midway);
  EXPECT_NE(victim, 0);
  EXPECT_EQ(kill(victim, SIGKILL), 0);
  const auto status = program->wait({.timeout = kInTime});
  EXPECT_TRUE(status) << status.error().message;
  std::array<char, 1'000> said{};
  const auto length = read(err->read_end.get(), said.data(), said.size());
  return {.status = status.value_or(-1), .out = "", .err = {said.data(), static_cast<std::size_t>(length)}};
}

std::vector<std::string> long_run(const std::string& workload) {
  // Of connect, ports that no earlier test has left in TIME_WAIT.
  return {"--workload",
          workload,
          workload == "scan" ? "--ports=4000" : "--duration=30",
          "--timeout",
          "100",
          "--bind",
          "127.0.0.71,127.0.0.72"};
}

TEST_P(FaultOfWorkload, WhoseClientIsKilled) {
  const std::string name = GetParam() + std::string("-client");
  std::vector<std::string> arguments = long_run(GetParam());
  arguments.insert(arguments.begin(), {"compare", "--untraced", "--rounds", "1"});
  expect_sentence(without(name, arguments), HasSubstr("the " + name + " process ended unexpectedly"));
}

TEST_P(FaultOfEitherProtocol, WhoseServerIsKilled) {
  const auto& [workload, protocol] = GetParam();
  const bool is_tcp = std::string(protocol) == "tcp";
  std::vector<std::string> arguments = long_run(workload);
  // compare begins with TCP, and only record can do UDP alone.
  const Scratch elsewhere;
  if (is_tcp) {
    arguments.insert(arguments.begin(), {"compare", "--untraced", "--rounds", "1"});
  } else {
    SKIP_WITHOUT_TRACING();
    arguments.insert(arguments.begin(), {"record", "--proto", "udp"});
    arguments.push_back((elsewhere / "run").string());
  }
  const std::string name = workload + std::string("-server");
  // record starts perf first.
  expect_sentence(without(name, arguments, is_tcp ? kMidway : 6 * kMidway),
                  AnyOf(HasSubstr("the " + name + " process ended unexpectedly"), HasSubstr("the client failed: ")));
  EXPECT_FALSE(std::filesystem::exists(elsewhere / "run/udp-1.perf.data"));
}

TEST_P(FaultOfEitherProtocol, WhosePortIsClosed) {
  SKIP_WITHOUT_NAMESPACES();
  SKIP_WITHOUT_NFTABLES();
  const auto& [workload, protocol] = GetParam();
  const bool is_tcp = std::string(protocol) == "tcp";
  const std::string refusal = is_tcp ? "tcp flags & (syn|ack) == syn reject with tcp reset" : "meta l4proto udp reject";
  const auto finished = in_own_namespace(
      "nft 'add table inet closed; add chain inet closed in { type filter hook input priority 0; };"
      " add rule inet closed in " +
          refusal + "' &&",
      short_run(workload) + " --timeout 100");
  if (!is_tcp && std::string(workload) == "scan") {
    ASSERT_EQ(finished.status, 0) << finished.err;
    const Json udp = untraced(Json::parse(finished.out, nullptr, false), "udp");
    EXPECT_EQ(udp.at("counts").at("closed"), 4);
    EXPECT_EQ(udp.at("counts").at("wrong_verdicts"), 2);
    return;
  }
  expect_sentence(finished, AllOf(HasSubstr("the client failed: "), HasSubstr(": Connection refused\n")));
}

TEST_P(FaultOfEitherProtocol, WithoutARoute) {
  SKIP_WITHOUT_NAMESPACES();
  const auto& [workload, protocol] = GetParam();
  const bool is_tcp = std::string(protocol) == "tcp";
  if (!is_tcp) {
    SKIP_WITHOUT_TRACING();
  }
  const std::string program = is_tcp ? "compare --untraced --rounds 1 " : "record --proto udp ";
  const Scratch elsewhere;
  const auto finished = testing::run(
      {"unshare", "--net", "sh", "-c",
       "ip link set lo up && ip link add away type veth peer name there && ip link set away up && exec \"$0\" " +
           program + short_run(workload) + " --device away --timeout 20 " +
           (is_tcp ? "" : (elsewhere / "run").string()),
       SOCKSCOPE_PROGRAM});
  EXPECT_FALSE(std::filesystem::exists(elsewhere / "run/udp-1.perf.data"));
  if (is_tcp) {
    expect_sentence(finished,
                    AllOf(HasSubstr("cannot connect to tcp port "), HasSubstr(" on 127.0.0.1 through away: ")));
    return;
  }
  // A UDP socket of that device cannot even be connected to itself, which is how scan keeps a port closed.
  expect_sentence(finished, AnyOf(HasSubstr("the server heard nothing of it for 2100 ms: is its interface up?"),
                                  HasSubstr("cannot keep a port closed: Invalid argument")));
}

TEST_P(FaultOfWorkload, BeyondTheDescriptorLimit) {
  // Root may raise its limits.
  const std::string ordinary = geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
  const auto finished = testing::run(
      {"sh", "-c", "ulimit -n 20; exec " + ordinary + "\"$0\" compare --untraced --rounds 1 " + short_run(GetParam()),
       SOCKSCOPE_PROGRAM});
  expect_sentence(finished, HasSubstr(" descriptors and this process may have 20: ulimit -n "));
}

class FullBuffer : public Fault, public ::testing::WithParamInterface<MeasuredWorkload> {};

INSTANTIATE_TEST_SUITE_P(Each, FullBuffer, ::testing::ValuesIn(testing::kMeasuredWorkloads),
                         [](const auto& test) { return std::string(test.param.name); });

// Of a closed loop at most one message is on its way, which every buffer takes.
TEST_P(FullBuffer, HoldsUpNothingAndIsCounted) {
  SKIP_WITHOUT_NAMESPACES();
  const auto finished = in_own_namespace(
      "", fmt::format("--workload {} --timeout 20 --send-buffer 1 --receive-buffer 1", GetParam().arguments));
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  const Json report = Json::parse(finished.out, nullptr, false);
  for (const char* protocol : {"tcp", "udp"}) {
    EXPECT_EQ(GetParam().accounted(untraced(report, protocol)), GetParam().sent) << protocol;
  }
  if (std::string(GetParam().name) == "Stream") {
    EXPECT_GT(untraced(report, "udp").at("counts").at("lost"), 0);
  }
}

}  // namespace
}  // namespace sockscope
