// Runs socket_bench as people do and reads what it says.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/child_process.h"
#include "base/wait.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr WaitLimits kPatience{.timeout = std::chrono::milliseconds{120'000}};

ProgramOutput run_socket_bench(std::vector<std::string> options) {
  options.insert(options.begin(), SOCKET_BENCH);
  auto output = output_of(options, kPatience);
  if (output) return *output;
  ADD_FAILURE() << output.error().message;
  return {};
}

/// The "benchmarks" of a short run's JSON.
nlohmann::json results_of(const std::string& filter) {
  const std::string file = ::testing::TempDir() + fmt::format("socket_bench_test.{}.json", getpid());
  const auto run = run_socket_bench({"--benchmark_min_time=0.05", "--benchmark_filter=" + filter,
                                     "--benchmark_out=" + file, "--benchmark_out_format=json"});
  EXPECT_EQ(run.status, 0) << run.text;
  auto results = nlohmann::json::parse(std::ifstream(file)).at("benchmarks");
  std::filesystem::remove(file);
  return results;
}

TEST(SocketBench, TimesARoundTripOfEachTransportAndSize) {
  std::vector<std::string> names;
  for (const auto& benchmark : results_of(".")) {
    const auto& name = names.emplace_back(benchmark.at("name"));
    EXPECT_FALSE(benchmark.contains("error_occurred")) << name;
    EXPECT_GT(benchmark.at("real_time"), 1'000) << name << ": two system calls at either end, in nanoseconds";
  }
  EXPECT_THAT(names, ElementsAre("round_trip/tcp/64/processes", "round_trip/tcp/1400/processes",
                                 "round_trip/udp/64/processes", "round_trip/udp/1400/processes",
                                 "round_trip/unix/64/processes", "round_trip/unix/1400/processes"));
}

TEST(SocketBench, CountsTwoContextSwitchesARoundTripOverTheNetwork) {
  for (const auto& benchmark : results_of("^round_trip/(tcp|udp)/")) {
    const std::string name = benchmark.at("name");
    // Other programs on this CPU preempt the two now and then.
    EXPECT_NEAR(benchmark.at("switches_timed"), 2.0, 0.1) << name;
    if (benchmark.contains("context_switches")) {
      EXPECT_NEAR(benchmark.at("context_switches"), 2.0, 0.1) << name;
    } else {
      EXPECT_THAT(benchmark.at("label"), HasSubstr("not permitted")) << name;
    }
  }
}

TEST(SocketBench, FailsWhenAPeerDies) {
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  auto bench = ChildProcess::exec({.name = "socket_bench", .stdout_fd = pipe->write_end.get()},
                                  {SOCKET_BENCH, "--benchmark_min_time=20", "--benchmark_filter=tcp/64"});
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
