#include "workloads/microbench/bench_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/child_process.h"
#include "base/line_reader.h"
#include "harness/thread_counters.h"
#include "workloads/microbench/repetition.h"
#include "workloads/microbench/tracepoint_counts.h"

namespace sockscope {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kCounted = 1'000;
constexpr WaitLimits kPatience{.timeout = std::chrono::seconds{10}};

/// What the counters say of some repetitions, and of how many units.
template <class Counters>
auto counted(Work& work, Counters& counters)
    -> Result<std::pair<typename decltype(counters.read())::value_type, double>> {
  const auto done = repeat(work, kCounted, [&] { return counters.enable(); }, [&] { return counters.disable(); });
  if (!done) return std::unexpected(done.error());
  auto counts = counters.read();
  if (!counts) return pass_on(counts);
  return std::pair{std::move(*counts), static_cast<double>(*done * work.units())};
}

Result<> count_by_libperf(BenchCounts& into, Work& work, CounterKind kind) {
  const auto tids = work.tids();
  auto counters = ThreadCounters::open(tids, kind);
  if (!counters) return std::unexpected(counters.error());
  if (counters->empty()) return {};
  const auto counts = counted(work, *counters);
  if (!counts) return std::unexpected(counts.error());
  for (const CounterValue& value : sum_over_threads(counts->first)) {
    if (value.is_user_only) continue;
    std::string name(value.name == "task-clock" ? "task_clock_ns" : value.name);
    std::ranges::replace(name, '-', '_');
    into.per_unit[name] = static_cast<double>(value.value) / counts->second;
  }
  return {};
}

Result<> count_tracepoints(BenchCounts& into, Work& work) {
  const auto tids = work.tids();
  auto counters = TracepointCounts::open(tids);
  if (!counters) {
    into.missing = fmt::format("no tracepoint counts: {}", counters.error().message);
    return {};
  }
  const auto counts = counted(work, *counters);
  if (!counts) return std::unexpected(counts.error());
  for (const auto& [name, value] : counts->first) {
    into.per_unit[std::string(name)] = static_cast<double>(value) / counts->second;
  }
  return {};
}

Result<BenchCounts> count(const Bench& bench) {
  auto work = bench.make();
  if (!work) return pass_on(work);
  if (auto warm = warm_up(**work); !warm) return pass_on(warm);
  BenchCounts counts;
  for (const CounterKind kind : {CounterKind::kSoftware, CounterKind::kHardware}) {
    if (auto done = count_by_libperf(counts, **work, kind); !done) return pass_on(done);
  }
  if (auto done = count_tracepoints(counts, **work); !done) return pass_on(done);
  if (const int error = (*work)->finish(); error != 0) return did_not_do_its_work(error);
  return counts;
}

int count_and_write(const Bench& bench, int to) {
  const auto counts = count(bench);
  const Json answer = counts ? Json{{"per_unit", counts->per_unit}, {"missing", counts->missing}}
                             : Json{{"error", counts.error().message}};
  return write_all(to, answer.dump() + "\n", "socket_bench") ? 0 : 1;
}

}  // namespace

Result<BenchCounts> count_apart(const Bench& bench) {
  auto pipe = Pipe::open();
  if (!pipe) return pass_on(pipe);
  const int to = pipe->write_end.get();
  const auto process = ChildProcess::run({.name = "socket_bench-count", .keep_fds = {to}},
                                         [&bench, to] { return count_and_write(bench, to); });
  if (!process) return std::unexpected(process.error());
  pipe->write_end = UniqueFd();
  auto line = LineReader(std::move(pipe->read_end), "the process that counts").next(kPatience);
  if (!line) return pass_on(line);
  const Json answer = Json::parse(*line);
  if (answer.contains("error")) return fail(ErrorKind::kEnvironment, "{}", answer.at("error").get<std::string>());
  return BenchCounts{.per_unit = answer.at("per_unit"), .missing = answer.at("missing")};
}

}  // namespace sockscope
