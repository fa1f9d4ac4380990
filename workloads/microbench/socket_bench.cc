// socket_bench: a map of the socket path, primitive by primitive, with what the kernel does for each
// (docs/microbenchmarks.md). Takes Google Benchmark's own options, and --counters=off.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/cpu_list.h"
#include "workloads/microbench/bench_runner.h"
#include "workloads/microbench/bench_table.h"
#include "workloads/microbench/benches.h"

namespace sockscope {
namespace {

constexpr int kUsageStatus = 2;
constexpr int kEnvironmentStatus = 3;
constexpr std::string_view kCountersOff = "--counters=off";

/// What holds unless the command line says otherwise: three repetitions that alternate with those of the others, so
/// that a drift of the machine falls on all.
constexpr std::array<std::string_view, 4> kUsual{
    "--benchmark_repetitions=3", "--benchmark_enable_random_interleaving=true",
    "--benchmark_display_aggregates_only=true", "--benchmark_min_time=0.05"};

bool has_option(const std::vector<std::string>& words, std::string_view option) {
  return std::ranges::any_of(words, [option](const std::string& word) { return word.starts_with(option); });
}

/// The words of the command line behind the usual ones, which they overrule.
std::vector<std::string> with_usual_options(int argc, char** argv) {
  std::vector<std::string> words{argv[0]};
  words.insert(words.end(), kUsual.begin(), kUsual.end());
  words.insert(words.end(), argv + 1, argv + argc);
  return words;
}

/// The calling thread, and with it every end that is not placed elsewhere, stays on the first CPU: who wakes whom does
/// not depend on how deep another CPU sleeps then. The CPU that is left for the others.
std::optional<int> stay_on_one_cpu() {
  const std::vector<int> cpus = allowed_cpus();
  if (!move_to_cpus({cpus.front()})) return std::nullopt;
  benchmark::AddCustomContext("cpu", fmt::format("{}", cpus.front()));
  return cpus.size() > 1 ? std::optional(cpus[1]) : std::nullopt;
}

int run(int argc, char** argv) {
  std::vector<std::string> words = with_usual_options(argc, argv);
  const Counting counting = std::erase(words, kCountersOff) == 0 ? Counting::kOn : Counting::kOff;
  std::vector<char*> arguments;
  arguments.reserve(words.size());
  for (std::string& word : words) arguments.push_back(word.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return kUsageStatus;

  const auto other_cpu = stay_on_one_cpu();
  // Once a process has had a second thread, the C library takes longer over each call that can be cancelled
  // (pthreads(7)): then all benchmarks are alike, whichever of those with threads came before.
  std::thread([] {}).join();
  BenchRunner runner(counting);
  for (const Bench& bench : all_benches(other_cpu)) runner.add(bench);
  BenchTable table;
  const bool is_table = !has_option(words, "--benchmark_format");
  const std::size_t done = is_table ? benchmark::RunSpecifiedBenchmarks(&table) : benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  if (done == 0) return kUsageStatus;
  return runner.has_failed() ? kEnvironmentStatus : 0;
}

}  // namespace
}  // namespace sockscope

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // A pipe whose reader is gone is an error value like any other.
  return sockscope::run(argc, argv);
}
