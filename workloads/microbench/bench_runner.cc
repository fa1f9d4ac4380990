#include "workloads/microbench/bench_runner.h"

#include <fmt/format.h>

#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/microbench/repetition.h"
#include "workloads/microbench/switch_count.h"

namespace sockscope {
namespace {

/// How often the threads switched while they were timed, as the kernel books it anyway: a second witness.
Result<> time_it(benchmark::State& state, Work& work) {
  const auto tids = work.tids();
  const auto before = switches_since_start(tids);
  if (!before) return std::unexpected(before.error());
  for ([[maybe_unused]] auto iteration : state) {
    if (const int error = work.once(); error != 0) return did_not_do_its_work(error);
  }
  const auto after = switches_since_start(tids);
  if (!after) return std::unexpected(after.error());
  state.counters["switches_timed"] = static_cast<double>(*after - *before) / static_cast<double>(state.iterations()) /
                                     static_cast<double>(work.units());
  return {};
}

/// The clock is read before the first call of a batch and behind the last.
Result<> time_batches(benchmark::State& state, Work& work) {
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(work.batch()))) {
    if (const int error = work.prepare(); error != 0) return did_not_do_its_work(error);
    const std::uint64_t start = monotonic_now_ns();
    for (std::size_t i = 0; i < work.batch(); ++i) {
      if (const int error = work.once(); error != 0) return did_not_do_its_work(error);
    }
    state.SetIterationTime(static_cast<double>(monotonic_now_ns() - start) / 1e9);
  }
  return {};
}

/// Google Benchmark needs the loop to be entered, in vain: it ends the program over repetitions of different lengths.
void skip(benchmark::State& state, const std::string& reason) {
  state.SkipWithError(reason.c_str());
  while (state.KeepRunning()) {
  }
}

}  // namespace

Result<> BenchRunner::get_ready(const Bench& bench) {
  if (counting_ == Counting::kOn && !counts_.contains(bench.name)) {
    auto counts = count_apart(bench);
    if (!counts) return pass_on(counts);
    counts_[bench.name] = std::move(*counts);
  }
  return warm_up(*current_.work);
}

Result<> BenchRunner::time(benchmark::State& state, const Bench& bench) {
  Work& work = *current_.work;
  if (auto timed = bench.is_batched ? time_batches(state, work) : time_it(state, work); !timed) return timed;
  state.counters["units"] = static_cast<double>(work.units());
  if (const auto counts = counts_.find(bench.name); counts != counts_.end()) {
    for (const auto& [name, value] : counts->second.per_unit) state.counters[name] = value;
    state.SetLabel(counts->second.missing);
  }
  if (const int error = work.finish(); error != 0) return did_not_do_its_work(error);
  return {};
}

void BenchRunner::run(benchmark::State& state, const Bench& bench) {
  if (const auto failure = failures_.find(bench.name); failure != failures_.end()) return skip(state, failure->second);
  Result<> done;
  if (current_.name != bench.name) {
    current_ = {};
    auto work = bench.make();
    if (!work) return skip(state, "skipped: " + work.error().message);
    current_ = {.name = bench.name, .work = std::move(*work)};
    done = get_ready(bench);
  }
  if (done) done = time(state, bench);
  if (done) return;
  skip(state, done.error().message);
  current_ = {};
  failures_[bench.name] = done.error().message;
}

void BenchRunner::add(const Bench& bench) {
  auto* const registered =
      benchmark::RegisterBenchmark(bench.name.c_str(), [this, bench](benchmark::State& state) { run(state, bench); });
  if (bench.is_batched) registered->UseManualTime();
}

}  // namespace sockscope
