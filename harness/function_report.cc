#include "harness/function_report.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/function_graph_text.h"
#include "harness/input_kind.h"
#include "harness/kernel_functions.h"
#include "harness/open_recording.h"
#include "harness/run_directory.h"
#include "harness/traced_recordings.h"
#include "report/export/folded_stacks.h"

namespace sockscope {
namespace {

std::vector<std::string_view> frames_of(std::string_view line) {
  std::vector<std::string_view> frames;
  for (const auto part : std::views::split(line, ';')) frames.emplace_back(part.begin(), part.end());
  return frames;
}

/// What hits are divided by, as elsewhere: what the workload counts, else round trips.
std::pair<std::string, std::uint64_t> units_of(const RunResult& run) {
  Measurements measured = run.client.measured;
  measured += run.server.measured;
  if (measured.units != 0) return {measured.unit, measured.units};
  return {"round trip", run.client.rtt.count()};
}

/// The threads of both ends, and of what they started.
std::set<std::int32_t> threads_of(const RunResult& run) {
  std::set<std::int32_t> tids{run.client.identity.tid, run.server.identity.tid};
  for (const SocketOwner& owner : run.owners) {
    tids.insert(owner.pid);
    tids.insert(owner.tids.begin(), owner.tids.end());
  }
  return tids;
}

/// Whose samples are of the traffic: the ends', those of the softirqs that they leave to ksoftirqd, and those of an
/// idle CPU, which has nothing to do but to wake them. What happens in another program's thread has that program's
/// functions in its chain.
ThreadFilter threads_of_traffic(const RunResult& run) {
  return [tids = threads_of(run)](std::int32_t tid, std::string_view comm) {
    return tid == 0 || tids.contains(tid) || comm.starts_with("ksoftirqd/");
  };
}

/// The functions from the outermost in, without the names of their modules, which symbols do not have either.
std::vector<std::string_view> way_to(const CallTree& tree, std::size_t node) {
  std::vector<std::string_view> way;
  for (; node != 0; node = tree.nodes[node].parent) {
    const std::string_view name = tree.functions[tree.nodes[node].function].name;
    way.push_back(name.substr(0, name.find(" [")));
  }
  std::ranges::reverse(way);
  return way;
}

/// Reads the traced runs of a directory into the runs of either side.
class Reading {
 public:
  Reading(const std::filesystem::path& directory, FunctionsReport& report) : directory_(directory), report_(report) {}

  Result<> add(const RunResult& run, std::size_t side) {
    if (input_kind_of(directory_ / run.recording) == InputKind::kText) return add_calls(run, side);
    const auto reader = open_recording(directory_ / run.recording);
    if (!reader) return std::unexpected(reader.error());
    if (!has_call_chains(*reader)) {
      return fail(ErrorKind::kInput,
                  "{} has no call chains: record it with sockscope functions, or with compare --events stacks",
                  reader->name());
    }
    const FoundFunctions functions = kernel_functions_of(*reader, directory_);
    if (!functions.why_not.empty()) report_.unresolved = functions.why_not;
    const auto [unit, messages] = units_of(run);
    report_.unit = unit;
    FunctionRun counted(run.step.round, messages);
    FoldedStacks stacks;
    std::uint64_t all = 0;
    const std::uint64_t ours = stacks.add(*reader, functions.symbols, {}, [&all] { ++all; }, threads_of_traffic(run));
    report_.sides[side].foreign_samples += all - ours;
    for (const auto& [line, samples] : stacks.counts()) counted.add(frames_of(line), samples);
    if (counted.samples() == 0) {
      return fail(ErrorKind::kInput, "{} has no call chain of the measured threads", reader->name());
    }
    note(reader->counters(), run, report_.sides[side], counted);
    runs_[side].push_back(std::move(counted));
    return {};
  }

  /// Of a run that ftrace recorded: it has calls in the place of samples, of the measured threads alone.
  Result<> add_calls(const RunResult& run, std::size_t side) {
    const auto trace = read_function_graph_text(directory_ / run.recording);
    if (!trace) return std::unexpected(trace.error());
    const auto [unit, messages] = units_of(run);
    report_.unit = unit;
    report_.are_calls = true;
    FunctionRun counted(run.step.round, messages);
    for (std::size_t node = 1; node < trace->tree.nodes.size(); ++node) {
      counted.add_calls(way_to(trace->tree, node), trace->tree.nodes[node].calls);
    }
    note({.lost_events = trace->lost_events + trace->losses_uncounted, .malformed = trace->unreadable}, run,
         report_.sides[side], counted);
    runs_[side].push_back(std::move(counted));
    return {};
  }

  void conclude(const FunctionRule& rule) {
    report_.compared = compare_functions(runs_[0], runs_[1], rule);
    report_.stacks = compare_stacks(runs_[0], runs_[1]);
  }

 private:
  void note(const perf_data::Counters& counters, const RunResult& run, FunctionsSide& side,
            const FunctionRun& counted) {
    ++side.rounds;
    side.messages += counted.messages();
    side.samples += counted.samples();
    side.lost_events += counters.lost_events;
    report_.is_damaged = report_.is_damaged || counters.truncated || counters.malformed != 0 || counters.skipped != 0;
    for (const std::string& tracer : run.conditions.tracers) {
      if (std::ranges::find(report_.tracers, tracer) == report_.tracers.end()) report_.tracers.push_back(tracer);
    }
  }

  const std::filesystem::path& directory_;
  FunctionsReport& report_;
  std::array<std::vector<FunctionRun>, 2> runs_;
};

/// Of the traced runs, each once: TCP before UDP, A before B.
std::vector<Variant> variants_of(const std::vector<RunRecording>& recordings) {
  std::vector<Variant> variants;
  for (const RunRecording& recording : recordings) {
    if (std::ranges::find(variants, recording.run->variant) == variants.end()) {
      variants.push_back(recording.run->variant);
    }
  }
  std::ranges::sort(variants, {}, &Variant::key);
  return variants;
}

Result<> check(const std::filesystem::path& directory, const TracedRecordings& traced) {
  if (traced.programs() != nullptr) {
    return fail(ErrorKind::kInput, "{} is of programs, which are one variant: there is nothing to compare them with",
                directory.string());
  }
  const std::size_t variants = variants_of(traced.recordings()).size();
  if (variants != 2) {
    return fail(ErrorKind::kInput, "{} has traced runs of {} variant{}, and it takes two to compare",
                directory.string(), variants, variants == 1 ? "" : "s");
  }
  return {};
}

}  // namespace

Result<FunctionsReport> function_report_of(const std::filesystem::path& directory, const FunctionRule& rule) {
  auto record = load_run(directory);
  if (!record) return pass_on(record);
  const auto traced = TracedRecordings::of(directory);
  if (!traced) return std::unexpected(traced.error());
  if (auto checked = check(directory, *traced); !checked) return pass_on(checked);
  FunctionsReport report{.title = record->title,
                         .environment = std::move(record->environment),
                         .plan = std::move(record->plan),
                         .rule = rule,
                         .sides = {},
                         .compared = {},
                         .stacks = {},
                         .tracers = {},
                         .unresolved = {},
                         .interrupted = record->interrupted};
  const std::vector<Variant> variants = variants_of(traced->recordings());
  for (std::size_t side = 0; side < variants.size(); ++side) report.sides[side].variant = variants[side];
  Reading reading(directory, report);
  for (const RunRecording& recording : traced->recordings()) {
    const bool is_first = recording.run->variant == variants.front();
    if (auto added = reading.add(*recording.run, is_first ? 0 : 1); !added) return pass_on(added);
  }
  reading.conclude(rule);
  return report;
}

}  // namespace sockscope
