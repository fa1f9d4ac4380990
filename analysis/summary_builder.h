#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "analysis/laws.h"
#include "analysis/summary.h"
#include "analysis/trace_result.h"

namespace sockscope {

/// What both ends of a traced run say themselves, to be held against the trace.
struct EndsOfTracedRun {
  Histogram rtt;          ///< The workload's own clock.
  Measurements measured;  ///< What else both ends measured.
  std::uint64_t lost = 0;
  SwitchCounts client;  ///< getrusage
  SwitchCounts server;
  std::optional<Topology> topology{};  ///< What lay between them; absent: this machine's lo.
};

/// Adds runs up into the variants, laws and data quality of a Summary.
class SummaryBuilder {
 public:
  /// `round` is the one that pairs the run with the other variant's.
  void add_untraced(const Variant& variant, unsigned round, const UntracedSummary& run);

  /// A recording of one variant's run. A trace without a single round trip of it still counts: as a run whose laws
  /// fail.
  void add_traced(const Variant& variant, unsigned round, const TraceResult& trace, const EndsOfTracedRun& ends);

  /// A run with a nested set of events: its own clock, and how many events were recorded.
  void add_nested(const Variant& variant, unsigned round, const Histogram& rtt, std::uint64_t events);

  /// A recording whose flows no run describes, with all the protocols found in it.
  void add_recording(const TraceResult& trace);

  /// Fills in variants, laws and data_quality; the rest is the caller's.
  [[nodiscard]] Summary build() const;

 private:
  VariantSummary& summary_of(const Variant& variant);
  void add_trace(const Variant& variant, const ProtocolTrace& trace, const Evidence& evidence);

  std::map<std::string, VariantSummary> variants_;  // by key, which puts TCP before UDP and A before B
  std::map<std::string, Evidence> evidence_;
  std::optional<PacketCounts> foreign_packets_;  // of recordings whose skbs belong to whoever
  std::optional<std::uint64_t> skbs_of_nobody_;  // of recordings of programs
  DataQuality quality_;
};

}  // namespace sockscope
