#include "harness/round.h"

#include <algorithm>
#include <system_error>

#include "base/cpu_list.h"
#include "harness/conditions_probe.h"
#include "harness/ftrace_recorder.h"
#include "harness/open_sockets.h"
#include "harness/perf_recording.h"
#include "harness/process_tree.h"
#include "harness/thread_counters.h"
#include "harness/tracefs_capture.h"
#include "workloads/workload.h"
#include "workloads/workload_table.h"

namespace sockscope {
namespace {

// perf opens every event on every measured CPU, and the kernel waits for all CPUs each time.
constexpr std::chrono::seconds kPerfPatience{60};
constexpr std::chrono::seconds kWorkerPatience{20};
// A round trip across CPUs of a loaded machine, traced, with a lot of room ...
constexpr std::chrono::milliseconds kPatiencePerRoundTrip{2};
// ... and one in which either message waits for a timer of TCP.
constexpr std::chrono::milliseconds kPatienceWithTimers{1'000};
constexpr std::chrono::milliseconds kPatiencePerPort{100};

/// Never less than the measuring itself may take.
std::chrono::milliseconds measuring_patience(const WorkloadSpec& spec) {
  auto patience = std::chrono::milliseconds{kWorkerPatience} + 3 * spec.receive_timeout;
  if (row_of(spec.kind).takes.ports) patience += spec.ports * kPatiencePerPort;
  if (spec.duration) return patience + std::chrono::ceil<std::chrono::milliseconds>(*spec.duration);
  const auto messages = static_cast<std::int64_t>(spec.count + spec.warm_up);
  if (row_of(spec.kind).takes.rate) {
    patience +=
        std::chrono::milliseconds{static_cast<std::int64_t>(1'000.0 * static_cast<double>(messages) / spec.rate)};
  }
  const bool waits_for_timers = spec.socket.cork || !spec.socket.nodelay;
  return patience + (waits_for_timers ? kPatienceWithTimers : kPatiencePerRoundTrip) * messages;
}

std::uint64_t expected_round_trips(const WorkloadSpec& spec) {
  if (!spec.duration) return spec.count * round_trips_of_a_unit(spec);
  // The fastest round trip seen anywhere is a few microseconds; traced ones take longer.
  constexpr std::uint64_t fastest_ns = 10'000;
  return std::min(spec.count, static_cast<std::uint64_t>(spec.duration->count()) / fastest_ns);
}

RecordSpec record_spec(const WorkloadSpec& spec, const Workload& ends, const std::string& name,
                       const RoundSetting& setting) {
  const auto tids = ends.tids();
  return {.output = setting.directory / name,
          .events = setting.events.events,
          .tids = {tids.begin(), tids.end()},
          .cpus = measured_cpus(spec),
          .with_stacks = setting.events.with_stacks};
}

Result<PerfRecording> start_perf(const WorkloadSpec& spec, RecordSpec record) {
  record.buffer_bytes = buffer_bytes_for(expected_round_trips(spec), spec.size, record.with_stacks);
  const auto cpus = other_cpus(record.cpus);
  return PerfRecording::start(std::move(record), cpus);
}

Result<TracefsCapture> start_tracefs(const WorkloadSpec& spec, RecordSpec record) {
  const auto bytes = tracefs_bytes_of(spec);
  if (!bytes) return fail(ErrorKind::kEnvironment, "the run does not fit into ftrace's buffers: use --capture perf");
  record.buffer_bytes = *bytes;
  // What others send is recorded with it: seen, 4 MB a 0.1 s beside another ping-pong.
  constexpr std::size_t for_others = std::size_t{64} << 20;
  const bool has_others = std::ranges::count(record.events, Scope::kAnywhere, &EventChoice::scope) > 0;
  if (has_others) record.buffer_bytes = std::max(record.buffer_bytes, for_others);
  // Measured: 5 % of a round trip, for what sched_switch has by itself where the idle task is visible, as it is on the
  // first CPU.
  record.with_switches = record.cpus != std::vector{0};
  auto capture = TracefsCapture::start(record);
  if (!capture) return fail(capture.error().kind, "{}; --capture perf does without", capture.error().message);
  return capture;
}

/// Both ends and what they started, which all stand still now.
std::vector<SocketOwner> socket_owners_of(const Workload& ends) {
  std::vector<SocketOwner> owners;
  for (const Worker* worker : {&ends.client(), &ends.server()}) {
    const std::vector<pid_t> children = descendants_of(worker->pid());
    SocketOwner end{
        .pid = worker->pid(), .tids = {}, .role = worker->identity().role, .sockets = open_sockets_of(worker->pid())};
    for (const pid_t tid : worker->tids()) {
      const bool is_thread = tid != worker->pid() && std::ranges::find(children, tid) == children.end();
      if (is_thread) end.tids.push_back(tid);
    }
    owners.push_back(std::move(end));
    for (const pid_t pid : children) {
      owners.push_back({.pid = pid, .tids = {}, .role = std::nullopt, .sockets = open_sockets_of(pid)});
    }
  }
  return owners;
}

void keep_counters(RunResult& result, const ThreadCounters& counters, std::span<const ThreadCounts> counts) {
  for (const CounterValue& value : sum_over_threads(counts)) {
    if (!value.is_user_only) result.counters.emplace_back(value.name, value.value);
  }
  result.refused_counters.assign(counters.refused().begin(), counters.refused().end());
}

/// The harness and both ends with what they started.
std::vector<pid_t> processes_of(const Workload& ends) {
  std::vector<pid_t> pids{getpid()};
  for (const Worker* worker : {&ends.client(), &ends.server()}) {
    pids.push_back(worker->pid());
    for (const pid_t pid : descendants_of(worker->pid())) pids.push_back(pid);
  }
  return pids;
}

/// Both ends, and a look at the machine before and after what they do: before the warm-up, which would grow cold.
struct ObservedEnds {
  Workload& workload;
  ConditionsProbe probe;

  Result<> warm_up(const WaitLimits& patience) {
    probe.start();
    return workload.warm_up(patience);
  }
  Result<Workload::Results> measure(const WaitLimits& patience) {
    auto results = workload.measure(patience);
    probe.stop();
    return results;
  }
};

Result<> measure_unwatched(ObservedEnds& ends, const WaitLimits& patience, RunResult& result) {
  auto results = ends.measure(patience);
  if (!results) return pass_on(results);
  result.client = std::move(results->client);
  result.server = std::move(results->server);
  return {};
}

Result<> measure_counted(ObservedEnds& ends, const WaitLimits& patience, RunResult& result) {
  auto counters = ThreadCounters::open(ends.workload.tids());
  if (!counters) return pass_on(counters);
  if (auto enabled = counters->enable(); !enabled) return enabled;
  if (auto measured = measure_unwatched(ends, patience, result); !measured) return measured;
  if (auto disabled = counters->disable(); !disabled) return disabled;
  auto counts = counters->read();
  if (!counts) return pass_on(counts);
  keep_counters(result, *counters, *counts);
  return {};
}

/// With a PerfRecording, a TracefsCapture or an FtraceRecorder.
template <class Recording>
Result<> run_recorded(const WorkloadSpec& spec, ObservedEnds& ends, Result<Recording> recording,
                      const WaitLimits& patience, RunResult& result) {
  if (!recording) return pass_on(recording);
  result.perf_command = recording->command();
  result.recording = recording_name(result.variant, result.step);
  const WaitLimits perf_patience{.timeout = kPerfPatience, .interrupt_fd = patience.interrupt_fd};
  // perf answers only when all its events are open: the warm-up must not grow cold while it opens them.
  if (auto ready = recording->disable(perf_patience); !ready) return ready;
  // Nor while /proc is read: what is open now is open after the warm-up.
  result.followed = followed(spec);
  if (result.followed != Followed::kFlow) result.owners = socket_owners_of(ends.workload);
  if (auto warm = ends.warm_up(patience); !warm) return warm;
  if (auto enabled = recording->enable(perf_patience); !enabled) return enabled;
  if (auto measured = measure_unwatched(ends, patience, result); !measured) return measured;
  if (auto disabled = recording->disable(perf_patience); !disabled) return disabled;
  return recording->finish(perf_patience);
}

/// Calls of the threads of both ends, and of what they start, as text.
Result<> run_called(const WorkloadSpec& spec, ObservedEnds& ends, const RoundSetting& setting,
                    const WaitLimits& patience, RunResult& result) {
  const std::string name = calls_name(result.variant, result.step);
  auto recorder = FtraceRecorder::start(
      {.tids = ends.workload.tids(), .functions = setting.functions, .output = setting.directory / name});
  auto ran = run_recorded(spec, ends, std::move(recorder), patience, result);
  result.recording = name;
  return ran;
}

Result<> run_traced(const WorkloadSpec& spec, ObservedEnds& ends, const RoundSetting& setting,
                    const WaitLimits& patience, RunResult& result) {
  if (setting.capture == Capture::kFunctionGraph) return run_called(spec, ends, setting, patience, result);
  RecordSpec record = record_spec(spec, ends.workload, recording_name(result.variant, result.step), setting);
  if (result.step.watch == Watch::kNested) record.events = setting.events.of_packets();
  if (setting.capture == Capture::kTracefs) {
    return run_recorded(spec, ends, start_tracefs(spec, std::move(record)), patience, result);
  }
  return run_recorded(spec, ends, start_perf(spec, std::move(record)), patience, result);
}

Result<> run_counted(ObservedEnds& ends, const WaitLimits& patience, RunResult& result) {
  if (auto warm = ends.warm_up(patience); !warm) return warm;
  return measure_counted(ends, patience, result);
}

Result<> run_unwatched(ObservedEnds& ends, const WaitLimits& patience, RunResult& result) {
  if (auto warm = ends.warm_up(patience); !warm) return warm;
  return measure_unwatched(ends, patience, result);
}

Result<> run_watched_by(Watch watch, const WorkloadSpec& spec, ObservedEnds& ends, const RoundSetting& setting,
                        const WaitLimits& patience, RunResult& result) {
  switch (watch) {
    case Watch::kNobody:
      return run_unwatched(ends, patience, result);
    case Watch::kCounters:
      return run_counted(ends, patience, result);
    case Watch::kPerf:
    case Watch::kNested:
      return run_traced(spec, ends, setting, patience, result);
  }
  return {};
}

}  // namespace

std::vector<int> measured_cpus(const WorkloadSpec& spec) {
  if (spec.client_cpu == spec.server_cpu) return {spec.client_cpu};
  return {std::min(spec.client_cpu, spec.server_cpu), std::max(spec.client_cpu, spec.server_cpu)};
}

std::vector<int> other_cpus(const std::vector<int>& measured) {
  std::vector<int> others = allowed_cpus();
  std::erase_if(others, [&](int cpu) { return std::ranges::find(measured, cpu) != measured.end(); });
  return others;
}

std::optional<std::size_t> tracefs_bytes_of(const WorkloadSpec& workload) {
  return tracefs_bytes_for(expected_round_trips(workload), workload.size);
}

std::string recording_name(const Variant& variant, const RunStep& step) {
  return fmt::format("{}-{}{}.perf.data", variant.key, step.round, step.watch == Watch::kNested ? "-nested" : "");
}

std::string calls_name(const Variant& variant, const RunStep& step) {
  return fmt::format("{}-{}.calls.log", variant.key, step.round);
}

Result<RunResult> run_step(const PlannedVariant& planned, const RunStep& step, const RoundSetting& setting) {
  WorkloadSpec spec = planned.workload;
  // Raw samples are those of the untraced times, as the percentiles are.
  if (step.watch != Watch::kNobody) spec.raw_file.clear();
  const WaitLimits patience{.timeout = measuring_patience(spec), .interrupt_fd = setting.interrupt_fd};
  auto ends = Workload::start(spec, patience);
  if (!ends) return pass_on(ends);
  RunResult result;
  result.step = step;
  result.variant = planned.variant;
  result.topology = spec.topology;
  ObservedEnds observed{.workload = *ends, .probe = {measured_cpus(spec), processes_of(*ends)}};
  const auto ran = run_watched_by(step.watch, spec, observed, setting, patience, result);
  if (!ran) {
    std::error_code ignored;
    if (is_recorded(step.watch)) {
      for (const std::string& name : {recording_name(result.variant, step), calls_name(result.variant, step)}) {
        std::filesystem::remove(setting.directory / name, ignored);
      }
    }
    return std::unexpected(ran.error());
  }
  result.conditions = observed.probe.conclude();
  if (auto finished = ends->finish(patience); !finished) return pass_on(finished);
  return result;
}

Result<RunResult> run_calibration(const WorkloadSpec& beside, const RoundSetting& setting) {
  // Across CPUs a round trip takes ten times as long, and half as many do.
  constexpr std::chrono::milliseconds enough{250};
  const PlannedVariant planned{.variant = {.key = "calibration", .label = "calibration"},
                               .workload = {.duration = enough,
                                            .client_cpu = beside.client_cpu,
                                            .server_cpu = beside.server_cpu,
                                            .receive_timeout = beside.receive_timeout,
                                            .kind = WorkloadKind::kCalibration,
                                            .fifo = beside.fifo}};
  return run_step(planned, {.watch = Watch::kNobody}, setting);
}

}  // namespace sockscope
