#include "harness/summarise.h"

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>

#include "analysis/event_decoder.h"
#include "analysis/inferred_sockets.h"
#include "analysis/recorded_events.h"
#include "analysis/session_analysis.h"
#include "analysis/trace_analysis.h"
#include "analysis/workload_laws.h"
#include "harness/event_feed.h"
#include "harness/formats.h"
#include "harness/open_recording.h"
#include "harness/run_directory.h"
#include "harness/trace_listener.h"
#include "harness/traced_recordings.h"
#include "parsers/perf_data/reader.h"

namespace sockscope {
namespace {

SwitchCounts switches_of(const ResourceUsage& usage) {
  return {.voluntary = usage.voluntary_switches, .involuntary = usage.involuntary_switches};
}

TimeWindow window_of(const EndResult& end) { return {.from_ns = end.start_ns, .to_ns = end.end_ns}; }

KnownEnd known_end(const EndResult& end) {
  return {.tid = end.identity.tid, .fd = end.identity.fd, .window = window_of(end)};
}

void add_losses(DataQuality& quality, const perf_data::Counters& counters) {
  quality.lost_events += counters.lost_events;
  quality.undecoded_events += counters.unknown_ids + counters.malformed;
  quality.out_of_order_records += counters.out_of_order;
  quality.skipped_records += counters.skipped;
  quality.truncated = quality.truncated || counters.truncated;
}

Facts describe(const perf_data::FileInfo& info) {
  // perf's version is a number, and ours as a recorder stands in the same place. A CTF trace names its tracer.
  const std::string& version = info.perf_version;
  const bool is_perf = version.empty() || (version[0] >= '0' && version[0] <= '9') || version.starts_with("sockscope ");
  Facts facts{{is_perf ? "perf" : "tracer", info.perf_version},
              {"kernel", info.osrelease},
              {"machine", info.arch},
              {"cpu", info.cpu_description}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

struct Analysed {
  TraceResult trace;
  Facts environment;
};

/// A pass of its own over the recording.
InferredSockets sockets_of(const perf_data::Reader& reader, const EventDecoder& decoder) {
  InferredSockets sockets;
  // What cannot be decoded is counted in the other pass.
  static_cast<void>(feed(reader, decoder, [&sockets](std::span<Event> events, const perf_data::RecordStream*) {
    for (const Event& event : events) sockets.learn(event);
    return true;
  }));
  sockets.finish_learning();
  return sockets;
}

/// Tells the listener, if there is one, what is in the recording.
template <class Analysis>
Result<Analysed> analyse(RunRecording recording, Analysis analysis, Interest interest, TraceListener* listener) {
  auto opened = open_recording(recording.path);
  if (!opened) return pass_on(opened);
  recording.reader = std::make_shared<const perf_data::Reader>(std::move(*opened));
  const auto& reader = recording.reader;
  const auto formats = formats_of(*reader);
  if (!formats) return std::unexpected(formats.error());

  const EventDecoder decoder(formats->catalog, formats->arch, interest);
  if (listener != nullptr) {
    listener->begin(recording, *formats);
    analysis.tell([listener](const Exchange& exchange) { listener->on(exchange); });
    analysis.tell_losses([listener](const LostMessage& message) { listener->on(message); });
  }
  std::optional<InferredSockets> inferred;  // NOLINT(misc-const-correctness): TraceAnalysis alone needs it
  if constexpr (std::is_same_v<Analysis, TraceAnalysis>) {
    if (recording.run == nullptr && InferredSockets::are_needed(formats->catalog)) {
      inferred = sockets_of(*reader, decoder);
    }
  }
  const auto analyse_one = [&](Event& event) {
    if constexpr (std::is_same_v<Analysis, TraceAnalysis>) {
      if (inferred) return inferred->tell(event, [&analysis](const Event& one) { analysis.on(one); });
    }
    analysis.on(event);
  };
  const auto take = [&](std::span<Event> events, const perf_data::RecordStream* before) {
    if (listener != nullptr && before != nullptr) listener->on(*before);
    for (Event& event : events) {  // NOLINT(misc-const-correctness): SessionAnalysis adds to it
      if (listener != nullptr) listener->on(event);
      analyse_one(event);
    }
    return listener == nullptr || listener->wants_more();
  };
  const std::uint64_t undecoded = feed(*reader, decoder, take, listener != nullptr && listener->wants_streams());
  Analysed analysed{.trace = analysis.result(), .environment = describe(reader->info())};
  if (formats->are_running_kernels) {
    analysed.environment.emplace_back("formats", "the running kernel's, which fit: perf was killed and left none");
  }
  analysed.trace.recorded = RecordedEvents::of(formats->catalog);
  if constexpr (std::is_same_v<Analysis, TraceAnalysis>) {
    if (!analysed.trace.recorded.messages) analysis.add_threads_of_flows(analysed.trace);
  }
  add_losses(analysed.trace.quality, reader->counters());
  analysed.trace.samples = reader->counters().samples;
  analysed.trace.quality.undecoded_events += undecoded;
  if (listener != nullptr && listener->wants_more()) listener->end(analysed.trace);
  return analysed;
}

Result<Summary> summarise_run(const std::filesystem::path& directory, TraceListener* listener) {
  auto record = load_run(directory);
  if (!record) return pass_on(record);
  SummaryBuilder builder;
  if (record->programs) {
    if (auto added = add_programs(builder, *record->programs, directory, listener); !added) return pass_on(added);
  }
  for (const RunResult& run : record->runs) {
    if (auto added = add_run(builder, run, directory, listener); !added) return pass_on(added);
  }
  return summary_of(*record, builder);
}

/// Of a perf.data that no run describes.
Result<Analysed> analyse_alone(const std::filesystem::path& path, TraceListener* listener) {
  return analyse({.path = path}, TraceAnalysis(), Interest::kMessages, listener);
}

Result<Summary> summarise_recording(const std::filesystem::path& path, TraceListener* listener) {
  auto analysed = analyse_alone(path, listener);
  if (!analysed) return pass_on(analysed);
  SummaryBuilder builder;
  builder.add_recording(analysed->trace);
  Summary summary = builder.build();
  summary.kind = Summary::Kind::kReport;
  summary.mode = "recording";
  summary.title = path == "-" ? "standard input" : path.filename().string();
  summary.environment = std::move(analysed->environment);
  if (summary.variants.empty()) {
    summary.missing.push_back(
        {"no round trip over TCP or UDP loopback in this recording", "sockscope record --proto tcp DIR"});
  }
  return summary;
}

/// What both ends measured, together.
Measurements measured_by(const RunResult& run) {
  Measurements measured = run.client.measured;
  measured += run.server.measured;
  return measured;
}

/// Times of a run that nobody watched, counters of one that they watched. Of before there were such runs: both.
UntracedSummary untraced_part(const RunResult& run) {
  UntracedSummary part{.counters = run.counters};
  Measurements measured = measured_by(run);
  if (!run.counters.empty()) part.counted = measured.units != 0 ? measured.units : run.client.rtt.count();
  if (run.step.watch == Watch::kCounters) return part;
  part.rtt = run.client.rtt;
  part.lost = run.client.lost;
  part.client = switches_of(run.client.usage);
  part.server = switches_of(run.server.usage);
  part.measured = std::move(measured);
  part.measured_ns = run.client.end_ns - run.client.start_ns;
  part.client_socket = run.client.socket;
  part.server_socket = run.server.socket;
  return part;
}

/// With the windows that the ends measured in; what belongs to neither counts as long as either does.
KnownProcess known_process(const SocketOwner& owner, const RunResult& run) {
  const TimeWindow client = window_of(run.client);
  const TimeWindow server = window_of(run.server);
  KnownProcess process{
      .pid = owner.pid,
      .tids = owner.tids,
      .end = KnownProcess::End::kNeither,
      .window = {.from_ns = std::min(client.from_ns, server.from_ns), .to_ns = std::max(client.to_ns, server.to_ns)},
      .sockets = {}};
  if (owner.role) {
    const bool is_client = *owner.role == Role::kClient;
    process.end = is_client ? KnownProcess::End::kClient : KnownProcess::End::kServer;
    process.window = is_client ? client : server;
  }
  for (const OpenSocket& socket : owner.sockets) {
    const bool listens = socket.is_waiting && socket.protocol == Protocol::kTcp;
    process.sockets.push_back({.fd = socket.fd,
                               .inode = socket.inode,
                               .protocol = socket.protocol,
                               .listens_on = listens ? socket.port : std::uint16_t{0}});
  }
  return process;
}

Result<Analysed> analyse_run(const RunResult& run, const std::filesystem::path& directory, TraceListener* listener) {
  const RunRecording recording{.path = directory / run.recording, .run = &run};
  if (run.followed == Followed::kFlow) {
    const std::array flows{
        KnownFlow{.protocol = run.variant.protocol, .client = known_end(run.client), .server = known_end(run.server)}};
    return analyse(recording, TraceAnalysis(flows), Interest::kMessages, listener);
  }
  std::vector<KnownProcess> processes;
  processes.reserve(run.owners.size());
  for (const SocketOwner& owner : run.owners) processes.push_back(known_process(owner, run));
  const auto messages =
      run.followed == Followed::kPackets ? SessionAnalysis::Messages::kCounted : SessionAnalysis::Messages::kFollowed;
  return analyse(recording, SessionAnalysis(processes, messages), Interest::kSessions, listener);
}

Result<Analysed> analyse_programs(const ProgramRun& run, const std::filesystem::path& directory,
                                  TraceListener* listener) {
  std::vector<KnownProcess> processes;
  processes.reserve(run.programs.size());
  for (const RecordedProgram& program : run.programs) processes.push_back({.pid = program.pid});
  return analyse({.path = directory / run.recording}, SessionAnalysis(processes), Interest::kSessions, listener);
}

Result<std::uint64_t> samples_in(const std::filesystem::path& path) {
  auto reader = open_recording(path);
  if (!reader) return pass_on(reader);
  for (auto stream = reader->records(); stream.next() != nullptr;) {
  }
  return reader->counters().samples;
}

}  // namespace

Result<TraceResult> analyse_recording(const std::filesystem::path& path, std::span<const KnownFlow> flows) {
  auto analysed = analyse({.path = path}, TraceAnalysis(flows), Interest::kMessages, nullptr);
  if (!analysed) return pass_on(analysed);
  return std::move(analysed->trace);
}

Result<> add_run(SummaryBuilder& builder, const RunResult& run, const std::filesystem::path& directory,
                 TraceListener* listener) {
  if (run.step.watch == Watch::kNested) {
    auto samples = samples_in(directory / run.recording);
    if (!samples) return pass_on(samples);
    builder.add_nested(run.variant, run.step.round, run.client.rtt, *samples);
    return {};
  }
  if (run.step.watch != Watch::kPerf) {
    builder.add_untraced(run.variant, run.step.round, untraced_part(run));
    return {};
  }
  const auto analysed = analyse_run(run, directory, listener);
  if (!analysed) return std::unexpected(analysed.error());
  builder.add_traced(run.variant, run.step.round, analysed->trace,
                     {.rtt = run.client.rtt,
                      .measured = measured_by(run),
                      .lost = run.client.lost,
                      .client = switches_of(run.client.usage),
                      .server = switches_of(run.server.usage),
                      .topology = run.topology});
  return {};
}

Result<> add_programs(SummaryBuilder& builder, const ProgramRun& run, const std::filesystem::path& directory,
                      TraceListener* listener) {
  const auto analysed = analyse_programs(run, directory, listener);
  if (!analysed) return std::unexpected(analysed.error());
  builder.add_recording(analysed->trace);
  return {};
}

Summary summary_of(const RunRecord& record, const SummaryBuilder& builder) {
  Summary summary = builder.build();
  for (Law& law : check_workload_laws(summary.variants)) summary.laws.push_back(std::move(law));
  summary.kind = record.kind;
  summary.mode = record.mode;
  summary.title = record.title;
  summary.environment = record.environment;
  summary.plan = record.plan;
  if (record.programs) summary.programs = record.programs->programs;
  summary.missing = record.missing;
  summary.disturbed = record.disturbed;
  summary.interrupted = record.interrupted;
  if (summary.kind == Summary::Kind::kCompare && summary.variants.size() == 2) {
    summary.comparison = compare_variants(summary.variants[0], summary.variants[1], {});
  }
  return summary;
}

Result<Summary> summarise(const std::filesystem::path& path, TraceListener* listener) {
  return is_run_directory(path) ? summarise_run(path, listener) : summarise_recording(path, listener);
}

Result<> follow(const std::filesystem::path& path, TraceListener& listener) {
  const auto listened = [](const Result<Analysed>& analysed) -> Result<> {
    if (!analysed) return std::unexpected(analysed.error());
    return {};
  };
  const auto traced = TracedRecordings::of(path);
  if (!traced) return std::unexpected(traced.error());
  for (const RunRecording& recording : traced->recordings()) {
    if (!listener.wants_more()) break;
    auto told = listened(recording.run != nullptr        ? analyse_run(*recording.run, path, &listener)
                         : traced->programs() != nullptr ? analyse_programs(*traced->programs(), path, &listener)
                                                         : analyse_alone(recording.path, &listener));
    if (!told) return told;
  }
  return {};
}

Result<> reread(const std::filesystem::path& path, const std::vector<std::shared_ptr<const perf_data::Reader>>& readers,
                const Rereader& rereader) {
  const auto traced = TracedRecordings::of(path);
  if (!traced) return std::unexpected(traced.error());
  const auto& recordings = traced->recordings();
  for (std::size_t index = 0; index < std::min(recordings.size(), readers.size()); ++index) {
    if (readers[index] == nullptr) continue;
    const auto formats = formats_of(*readers[index]);
    if (!formats) return std::unexpected(formats.error());
    const RunResult* const run = recordings[index].run;
    const bool are_flows = run != nullptr ? run->followed == Followed::kFlow : traced->programs() == nullptr;
    const EventDecoder decoder(formats->catalog, formats->arch, are_flows ? Interest::kMessages : Interest::kSessions);
    rereader(index, *readers[index], decoder);
  }
  return {};
}

}  // namespace sockscope
