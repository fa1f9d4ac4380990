#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>

#include "analysis/event_decoder.h"
#include "analysis/trace_analysis.h"
#include "harness/run_directory.h"
#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"

/// Kernel 6.1 has no sk_data_ready, no sock_send_length and no addresses in tcp_probe. A recording without them must
/// give the same round trips: only the end of `receive` is lost where the receiver had not blocked.
namespace sockscope {
namespace {

enum class Kernel { kAsRecorded, kOlder };

bool is_new(const Event& event) {
  return std::holds_alternative<SkDataReady>(event.body) || std::holds_alternative<SockLength>(event.body) ||
         std::holds_alternative<TcpProbe>(event.body);
}

TracedSummary analyse(const std::filesystem::path& directory, Kernel kernel) {
  const auto record = load_run(directory);
  const RunResult& run = record->runs.front();
  const auto end = [](const EndResult& result) {
    return KnownEnd{.tid = result.identity.tid, .fd = result.identity.fd, .window = {}};
  };
  const std::array flows{
      KnownFlow{.protocol = run.variant.protocol, .client = end(run.client), .server = end(run.server)}};
  const auto reader = perf_data::Reader::open(directory / run.recording);
  const auto catalog = tracepoint::Catalog::from(**reader->require_tracing_data());
  const EventDecoder decoder(*catalog, reader->info().arch);
  TraceAnalysis analysis(flows);
  Event event;
  for (auto stream = reader->records(); const auto* entry = stream.next();) {
    if (decoder.decode(*entry, event) != EventDecoder::Outcome::kDecoded) continue;
    if (kernel == Kernel::kAsRecorded || !is_new(event)) analysis.on(event);
  }
  return analysis.result().protocols.at(0).summary;
}

class OlderKernel : public ::testing::TestWithParam<const char*> {};

TEST_P(OlderKernel, GivesTheSameRoundTrips) {
  const auto directory = std::filesystem::path(DATA_FOLDER) / GetParam();
  const TracedSummary with = analyse(directory, Kernel::kAsRecorded);
  const TracedSummary without = analyse(directory, Kernel::kOlder);
  EXPECT_EQ(with.matched, 40U);
  EXPECT_EQ(without.matched, 40U);
  EXPECT_EQ(without.rtt.filled_buckets(), with.rtt.filled_buckets());
  EXPECT_EQ(without.counts.skbs, with.counts.skbs);
  for (std::size_t i = 0; i < with.stages.size(); ++i) {
    SCOPED_TRACE(name_of(with.stages[i].stage));
    if (with.stages[i].stage == Stage::kDeliver) continue;  // Takes over what `receive` lost.
    if (with.stages[i].stage == Stage::kReceive) {
      // Every message with a wake-up still has it; i + 1 is the wake-up of the same direction.
      EXPECT_EQ(without.stages[i].durations.count(), with.stages[i + 1].durations.count());
    } else {
      EXPECT_EQ(without.stages[i].durations.filled_buckets(), with.stages[i].durations.filled_buckets());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Recordings, OlderKernel, ::testing::Values("tcp-one-cpu", "udp-two-cpus"),
                         [](const auto& chosen) { return std::to_string(chosen.index); });

}  // namespace
}  // namespace sockscope
