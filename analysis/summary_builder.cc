#include "analysis/summary_builder.h"

#include <algorithm>

namespace sockscope {
namespace {

void add(UntracedSummary& sum, const UntracedSummary& run) {
  sum.rtt.merge(run.rtt);
  sum.lost += run.lost;
  sum.client += run.client;
  sum.server += run.server;
  sum.counted += run.counted;
  sum.measured += run.measured;
  sum.measured_ns += run.measured_ns;
  if (!run.client_socket.empty()) sum.client_socket = run.client_socket;
  if (!run.server_socket.empty()) sum.server_socket = run.server_socket;
  for (const auto& [name, value] : run.counters) {
    const auto known = std::ranges::find(sum.counters, name, &std::pair<std::string, std::uint64_t>::first);
    if (known == sum.counters.end()) {
      sum.counters.emplace_back(name, value);
    } else {
      known->second += value;
    }
  }
}

/// Somebody else's recording may lack one of the events altogether: then there is nothing to compare.
bool saw_every_station(const PacketCounts& packets) {
  return packets.queued != 0 && packets.transmitted != 0 && packets.rx != 0 && packets.received != 0;
}

/// What is left where the events of messages were not recorded.
TracedSummary threads_alone(const TracedSummary& summary) {
  TracedSummary threads;
  threads.is_followed = false;
  threads.client = summary.client;
  threads.server = summary.server;
  return threads;
}

std::optional<RunFigures::Probe> probe_of(const Histogram& rtt, std::uint64_t events) {
  if (rtt.empty()) return std::nullopt;
  return RunFigures::Probe{.rtt_p50_ns = static_cast<double>(rtt.quantile(0.5)),
                           .events = static_cast<double>(events) / static_cast<double>(rtt.count())};
}

}  // namespace

VariantSummary& SummaryBuilder::summary_of(const Variant& variant) {
  VariantSummary& summary = variants_[variant.key];
  summary.variant = variant;
  return summary;
}

void SummaryBuilder::add_untraced(const Variant& variant, unsigned round, const UntracedSummary& run) {
  VariantSummary& summary = summary_of(variant);
  if (!summary.untraced) summary.untraced.emplace();
  add(*summary.untraced, run);
  summary.runs.push_back(figures_of(round, run));
}

void SummaryBuilder::add_traced(const Variant& variant, unsigned round, const TraceResult& trace,
                                const EndsOfTracedRun& ends) {
  quality_ += trace.quality;
  const auto found = std::ranges::find(trace.protocols, variant.protocol, &ProtocolTrace::protocol);
  ProtocolTrace run = found == trace.protocols.end()
                          ? ProtocolTrace{.protocol = variant.protocol, .summary = {}, .unsound = 0}
                          : *found;
  if (!trace.recorded.messages) run.summary = threads_alone(run.summary);
  run.summary.workload_rtt = ends.rtt;
  run.summary.lost = ends.lost;
  run.summary.client.getrusage = ends.client;
  run.summary.server.getrusage = ends.server;
  Evidence evidence{.packets = trace.packets,
                    .topology = ends.topology,
                    .unsound = run.unsound,
                    .udp_drops = trace.udp_drops,
                    .recorded = trace.recorded};
  if (!trace.recorded.messages) evidence.packets.reset();
  if (run.summary.session) {
    run.summary.unit = ends.measured.unit.empty() ? "round trip" : ends.measured.unit;
    run.summary.units = ends.measured.unit.empty() ? ends.rtt.count() : ends.measured.units;
    evidence.packets.reset();
    evidence.measured = ends.measured;
    skbs_of_nobody_ = skbs_of_nobody_.value_or(0) + trace.skbs_of_nobody.value_or(0);
  }
  add_trace(variant, run, evidence);
  RunFigures figures = figures_of(round, run.summary);
  figures.probe = probe_of(ends.rtt, trace.samples);
  summary_of(variant).runs.push_back(std::move(figures));
}

void SummaryBuilder::add_nested(const Variant& variant, unsigned round, const Histogram& rtt, std::uint64_t events) {
  summary_of(variant).runs.push_back(
      {.round = round, .watched = Watched::kNested, .values = {}, .probe = probe_of(rtt, events)});
}

void SummaryBuilder::add_recording(const TraceResult& trace) {
  quality_ += trace.quality;
  if (trace.skbs_of_nobody) {
    skbs_of_nobody_ = skbs_of_nobody_.value_or(0) + *trace.skbs_of_nobody;
  } else if (trace.packets.of_client + trace.packets.of_server == 0) {
    // What a topology's counts should be is known from its run alone.
    foreign_packets_ = foreign_packets_.value_or(PacketCounts{}) += trace.packets;
  }
  for (const ProtocolTrace& protocol : trace.protocols) {
    add_trace(variant_of(protocol.protocol), protocol,
              {.packets = {}, .unsound = protocol.unsound, .udp_drops = trace.udp_drops});
  }
}

void SummaryBuilder::add_trace(const Variant& variant, const ProtocolTrace& trace, const Evidence& evidence) {
  VariantSummary& summary = summary_of(variant);
  if (!summary.traced) summary.traced.emplace();
  *summary.traced += trace.summary;
  evidence_[variant.key] += evidence;
}

Summary SummaryBuilder::build() const {
  Summary summary;
  for (const auto& [key, numbers] : variants_) {
    if (key == kCalibrationKey) {
      summary.calibration = numbers;
      continue;
    }
    summary.variants.push_back(numbers);
    summary.variants.back().probe_effect = probe_effect_of(numbers);
    const auto evidence = evidence_.find(key);
    if (evidence == evidence_.end()) continue;
    const auto laws = check_laws(numbers, evidence->second);
    summary.laws.insert(summary.laws.end(), laws.begin(), laws.end());
  }
  if (foreign_packets_ && saw_every_station(*foreign_packets_)) {
    summary.laws.push_back(check_packets("", *foreign_packets_));
  }
  if (skbs_of_nobody_) summary.laws.push_back(check_owners(summary.variants, *skbs_of_nobody_));
  summary.data_quality = quality_;
  return summary;
}

}  // namespace sockscope
