// socket_bench: what a round trip between two processes costs over TCP, UDP and a UNIX socket, and how many context
// switches it causes. Takes Google Benchmark's own options.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sched.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>

#include "base/error.h"
#include "harness/thread_counters.h"
#include "workloads/microbench/connected_pair.h"
#include "workloads/microbench/ping_pong.h"
#include "workloads/microbench/switch_count.h"

namespace sockscope {
namespace {

constexpr int kWarmUpRoundTrips = 1'000;
constexpr int kCountedRoundTrips = 2'000;

/// How the program ends: a benchmark that failed must not look like one that is fast.
bool g_failed = false;

void give_up(benchmark::State& state, const std::string& why) {
  g_failed = true;
  state.SkipWithError(why.c_str());
}

Result<> play(PingPong& ping_pong, int round_trips) {
  for (int i = 0; i < round_trips; ++i) {
    if (const int error = ping_pong.round_trip(); error != 0) {
      return fail(ErrorKind::kEnvironment, "a round trip failed: {}", errno_text(error));
    }
  }
  return {};
}

/// The timed round trips. How often both ends switched meanwhile is read before and after, from what the kernel books
/// anyway.
Result<> time_round_trips(benchmark::State& state, PingPong& ping_pong) {
  const auto before = switches_since_start(ping_pong.tids());
  if (!before) return std::unexpected(before.error());
  for ([[maybe_unused]] auto iteration : state) {
    if (const int error = ping_pong.round_trip(); error != 0) {
      return fail(ErrorKind::kEnvironment, "a timed round trip failed: {}", errno_text(error));
    }
  }
  const auto after = switches_since_start(ping_pong.tids());
  if (!after) return std::unexpected(after.error());
  state.counters["switches_timed"] = static_cast<double>(*after - *before) / static_cast<double>(state.iterations());
  return {};
}

/// The same through libperf, over round trips of their own after the timed ones: a thread with a counter costs more at
/// each of its switches, a fifth of a round trip even while the counter rests.
Result<> count_context_switches(benchmark::State& state, PingPong& ping_pong) {
  auto counters = ThreadCounters::open(ping_pong.tids());
  if (!counters) return pass_on(counters);
  if (auto enabled = counters->enable(); !enabled) return enabled;
  if (auto played = play(ping_pong, kCountedRoundTrips); !played) return played;
  if (auto disabled = counters->disable(); !disabled) return disabled;
  auto threads = counters->read();
  if (!threads) return pass_on(threads);
  if (const auto switches = find_counter(sum_over_threads(*threads), "context-switches")) {
    state.counters["context_switches"] = static_cast<double>(switches->value) / kCountedRoundTrips;
  } else {
    state.SetLabel("no context_switches: not permitted, see kernel.perf_event_paranoid");
  }
  return {};
}

Result<> run_round_trips(benchmark::State& state, Transport transport, std::size_t size) {
  auto ping_pong = PingPong::start(transport, size);
  if (!ping_pong) return pass_on(ping_pong);
  if (auto warm = play(*ping_pong, kWarmUpRoundTrips); !warm) return warm;
  if (auto timed = time_round_trips(state, *ping_pong); !timed) return timed;
  return count_context_switches(state, *ping_pong);
}

void round_trip(benchmark::State& state, Transport transport, std::size_t size) {
  if (auto done = run_round_trips(state, transport, size); !done) give_up(state, done.error().message);
}

void register_benchmarks() {
  for (const Transport transport : kTransports) {
    for (const std::size_t size : {std::size_t{64}, std::size_t{1400}}) {
      benchmark::RegisterBenchmark(fmt::format("round_trip/{}/{}/processes", name_of(transport), size).c_str(),
                                   round_trip, transport, size);
    }
  }
}

/// The first CPU that this process may use.
std::optional<std::size_t> first_allowed_cpu() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return std::nullopt;
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) return cpu;
  }
  return std::nullopt;
}

/// Both ends of every benchmark stay on one CPU, where who wakes whom does not depend on how deep another CPU sleeps.
Result<> stay_on_one_cpu() {
  const auto cpu = first_allowed_cpu();
  if (!cpu) return fail(ErrorKind::kEnvironment, "cannot ask for the allowed CPUs: {}", errno_text(errno));
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(*cpu, &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot stay on CPU {}: {}", *cpu, errno_text(errno));
  }
  benchmark::AddCustomContext("cpu", fmt::format("{} (both ends)", *cpu));
  return {};
}

void explain_counters() {
  benchmark::AddCustomContext(
      "context_switches", fmt::format("a round trip, of both ends; libperf, over {} more of them", kCountedRoundTrips));
  benchmark::AddCustomContext("switches_timed", "a round trip, of both ends; /proc, over the timed ones");
}

constexpr int kUsageStatus = 2;
constexpr int kEnvironmentStatus = 3;

}  // namespace
}  // namespace sockscope

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return sockscope::kUsageStatus;
  if (auto pinned = sockscope::stay_on_one_cpu(); !pinned) {
    fmt::print(stderr, "socket_bench: {}\n", pinned.error().message);
    return sockscope::kEnvironmentStatus;
  }
  sockscope::explain_counters();
  sockscope::register_benchmarks();
  if (benchmark::RunSpecifiedBenchmarks() == 0) return sockscope::kUsageStatus;
  benchmark::Shutdown();
  return sockscope::g_failed ? sockscope::kEnvironmentStatus : 0;
}
