// Runs socket_bench as people do and reads what it says.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/child_process.h"
#include "base/wait.h"

namespace sockscope {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr WaitLimits kPatience{.timeout = std::chrono::milliseconds{120'000}};

ProgramOutput run_socket_bench(std::vector<std::string> options) {
  options.insert(options.begin(), SOCKET_BENCH);
  auto output = output_of(options, kPatience);
  if (output) return *output;
  ADD_FAILURE() << output.error().message;
  return {};
}

/// The "benchmarks" of a short run's JSON, by name.
std::map<std::string, Json> results_of(const std::string& filter, std::vector<std::string> more = {}) {
  const std::string file = ::testing::TempDir() + fmt::format("socket_bench_test.{}.json", getpid());
  std::vector<std::string> options{
      "--benchmark_min_time=0.002",   "--benchmark_repetitions=1", "--benchmark_display_aggregates_only=false",
      "--benchmark_filter=" + filter, "--benchmark_out=" + file,   "--benchmark_out_format=json"};
  options.insert(options.end(), more.begin(), more.end());
  const auto run = run_socket_bench(options);
  EXPECT_EQ(run.status, 0) << run.text;
  const auto parsed = Json::parse(std::ifstream(file));
  std::filesystem::remove(file);
  std::map<std::string, Json> results;
  for (const Json& benchmark : parsed.at("benchmarks")) {
    std::string name = benchmark.at("run_name");
    const std::string manual = "/manual_time";
    if (name.ends_with(manual)) name.resize(name.size() - manual.size());
    results.emplace(name, benchmark);
  }
  return results;
}

bool is_skipped(const Json& benchmark) {
  return benchmark.value("error_occurred", false) &&
         benchmark.at("error_message").get<std::string>().starts_with("skipped: ");
}

bool are_tracepoints_counted(const Json& benchmark) { return benchmark.contains("syscalls"); }

TEST(SocketBench, RunsEachOrSaysWhyNot) {
  const auto results = results_of(".", {"--counters=off"});
  std::size_t skipped = 0;
  for (const auto& [name, benchmark] : results) {
    if (is_skipped(benchmark)) {
      fmt::print("{}: {}\n", name, benchmark.at("error_message").get<std::string>());
      ++skipped;
      continue;
    }
    ASSERT_FALSE(benchmark.value("error_occurred", false)) << name << ": " << benchmark.dump();
    EXPECT_GT(benchmark.at("real_time"), 10) << name << ": nanoseconds";
  }
  EXPECT_GT(results.size(), 200U);
  EXPECT_LT(skipped, results.size() / 4) << "what cannot run here is the exception";
}

/// What a call or a message takes, whoever measures it: system calls, packets queued, context switches.
struct Taken {
  const char* name;
  double syscalls;
  double skbs;
  double switches;
};

TEST(SocketBench, CountsWhatACallAndAMessageTake) {
  constexpr std::array expected{Taken{"getsockname/tcp/0", 1, 0, 0},
                                Taken{"recv_empty/udp/1", 1, 0, 0},
                                Taken{"send/udp/64", 1, 1, 0},
                                Taken{"recv/udp/64", 1, 0, 0},
                                Taken{"poll_ready/eventfd/1", 1, 0, 0},
                                Taken{"socket/tcp/0", 2, 0, 0},
                                Taken{"message/udp/64/thread", 2, 1, 0},
                                Taken{"message/pipe/64/thread", 2, 0, 0},
                                Taken{"sendmmsg_8/udp/64", 1.0 / 8, 1, 0},
                                Taken{"recvmmsg_64/udp/64", 1.0 / 64, 0, 0},
                                Taken{"round_trip/tcp/64/processes", 4, 2, 2},
                                Taken{"round_trip/udp/64/processes", 4, 2, 2},
                                Taken{"round_trip/tcp/64/threads-one-cpu", 4, 2, 2},
                                Taken{"round_trip/eventfd/8/threads-one-cpu", 4, 0, 2},
                                Taken{"wake_poll/udp/64/threads-one-cpu", 6, 2, 2}};
  std::string filter;
  for (const Taken& taken : expected) filter += fmt::format("{}{}", filter.empty() ? "^(" : "|", taken.name);
  const auto results = results_of(filter + ")");
  for (const Taken& taken : expected) {
    const Json& benchmark = results.at(taken.name);
    // Other programs on this CPU preempt now and then.
    EXPECT_NEAR(benchmark.at("context_switches"), taken.switches, 0.1) << taken.name;
    if (!are_tracepoints_counted(benchmark)) {
      EXPECT_THAT(benchmark.at("label"), HasSubstr("no tracepoint counts")) << taken.name;
      continue;
    }
    EXPECT_NEAR(benchmark.at("syscalls"), taken.syscalls, 0.02 * taken.syscalls + 0.001) << taken.name;
    EXPECT_NEAR(benchmark.at("skbs"), taken.skbs, 0.02 * taken.skbs) << taken.name;
  }
}

TEST(SocketBench, TellsOneStoryWithCompare) {
  const auto compared =
      output_of({SOCKSCOPE_PROGRAM, "compare", "--rounds", "1", "--count", "3000", "--format", "json"}, kPatience);
  ASSERT_TRUE(compared) << compared.error().message;
  const Json protocols = Json::parse(compared->text.substr(compared->text.find('{'))).at("protocols");
  if (!protocols.at("tcp").contains("per_round_trip")) GTEST_SKIP() << "this machine cannot trace";
  const auto results = results_of("^round_trip/(tcp|udp)/64/processes");
  for (const std::string protocol : {"tcp", "udp"}) {
    const Json& counted = results.at(fmt::format("round_trip/{}/64/processes", protocol));
    const Json& traced = protocols.at(protocol).at("per_round_trip");
    for (const auto& [ours, theirs] :
         {std::pair{"syscalls", "syscalls"}, std::pair{"skbs", "skbs"}, std::pair{"softirqs", "softirqs"},
          std::pair{"context_switches", "context_switches"}}) {
      const double expected = traced.at(theirs);
      EXPECT_NEAR(counted.at(ours), expected, 0.02 * expected) << protocol << ' ' << ours;
    }
  }
}

TEST(SocketBench, WritesWhatTheGateReads) {
  const std::string results = ::testing::TempDir() + fmt::format("socket_bench_test.{}.gated.json", getpid());
  const std::string baseline = results + ".baseline";
  const auto run = run_socket_bench({"--benchmark_min_time=0.002", "--benchmark_filter=^message/(udp/64|eventfd)",
                                     "--benchmark_out=" + results, "--benchmark_out_format=json"});
  ASSERT_EQ(run.status, 0) << run.text;
  const auto saved =
      output_of({SOCKSCOPE_PROGRAM, "baseline", "save", "bench", "-o", baseline, "--benchmarks", results}, kPatience)
          .value();
  EXPECT_EQ(saved.status, 0) << saved.text;
  const auto gate = [&] {
    return output_of({SOCKSCOPE_PROGRAM, "gate", "--baseline", baseline, "--benchmarks", results}, kPatience).value();
  };
  const auto same = gate();
  EXPECT_EQ(same.status, 0) << same.text;
  Json slower = Json::parse(std::ifstream(baseline));
  for (Json& figure : slower.at("figures")) {
    if (figure.at("name") != "message/udp/64/thread.syscalls") continue;
    for (Json& value : figure.at("runs")) value = value.get<double>() - 1;
  }
  std::ofstream(baseline) << slower;
  const auto worse = gate();
  EXPECT_EQ(worse.status, 1) << worse.text;
  EXPECT_THAT(worse.text, HasSubstr("message/udp/64/thread.syscalls"));
  std::filesystem::remove(results);
  std::filesystem::remove(baseline);
}

TEST(SocketBench, WritesWhatCompareReads) {
  constexpr const char* python = "/usr/bin/python3";
  constexpr const char* compare = "/usr/share/benchmark/compare.py";
  if (!std::filesystem::exists(compare) || output_of({python, "-c", "import scipy"}, kPatience).value().status != 0) {
    GTEST_SKIP() << "needs Google Benchmark's compare.py: make -f Makefile.perf setup-test";
  }
  const std::string file = ::testing::TempDir() + fmt::format("socket_bench_test.{}.compared.json", getpid());
  const auto run = run_socket_bench({"--benchmark_min_time=0.002", "--benchmark_filter=^(send|message)/udp/64",
                                     "--benchmark_out=" + file, "--benchmark_out_format=json"});
  ASSERT_EQ(run.status, 0) << run.text;
  const auto compared = output_of({python, compare, "--no-color", "benchmarks", file, file}, kPatience).value();
  std::filesystem::remove(file);
  EXPECT_EQ(compared.status, 0) << compared.text;
  for (const char* line : {"message/udp/64/thread_median +\\+0.0000", "send/udp/64/manual_time_median +\\+0.0000"}) {
    EXPECT_THAT(compared.text, ::testing::ContainsRegex(line));
  }
}

TEST(SocketBench, CountsNothingIfItIsNotTo) {
  const auto results = results_of("^getsockname/tcp", {"--counters=off"});
  EXPECT_FALSE(results.at("getsockname/tcp/0").contains("context_switches"));
  EXPECT_FALSE(results.at("getsockname/tcp/0").contains("syscalls"));
}

TEST(SocketBench, PrintsATableWithTheRatioToTheFloor) {
  const auto run =
      run_socket_bench({"--benchmark_min_time=0.002", "--benchmark_repetitions=1",
                        "--benchmark_display_aggregates_only=false", "--benchmark_filter=^message/(tcp/64|eventfd)"});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.text, HasSubstr("a message, or a call"));
  EXPECT_THAT(run.text, ::testing::ContainsRegex("message/eventfd/8/thread +[0-9.]+ +1\\.00 "));
}

TEST(SocketBench, FailsWhenAPeerDies) {
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  auto bench =
      ChildProcess::exec({.name = "socket_bench", .stdout_fd = pipe->write_end.get()},
                         {SOCKET_BENCH, "--benchmark_min_time=20", "--benchmark_filter=round_trip/tcp/64/processes"});
  ASSERT_TRUE(bench);
  const std::vector<std::string> kill_its_child{"pkill", "-KILL", "-P", std::to_string(bench->pid())};
  int killed = 1;
  for (int i = 0; i < 100 && killed != 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    killed = output_of(kill_its_child, kPatience).value().status;
  }
  ASSERT_EQ(killed, 0);
  EXPECT_EQ(bench->wait(kPatience), 3);
}

TEST(SocketBench, RefusesOptionsItDoesNotKnow) {
  const auto run = run_socket_bench({"--nonsense"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.text, HasSubstr("--nonsense"));
}

TEST(SocketBench, RefusesAFilterThatSelectsNothing) {
  EXPECT_EQ(run_socket_bench({"--benchmark_filter=no such benchmark"}).status, 2);
}

}  // namespace
}  // namespace sockscope
