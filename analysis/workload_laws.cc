#include "analysis/workload_laws.h"

#include <fmt/format.h>

namespace sockscope {

std::vector<Law> check_workload_laws(const std::vector<ProtocolSummary>& protocols) {
  std::vector<Law> laws;
  for (const ProtocolSummary& protocol : protocols) {
    if (!protocol.untraced || !protocol.untraced->measured.has_count("dropped_by_the_socket")) continue;
    const Measurements& measured = protocol.untraced->measured;
    const std::uint64_t sent = measured.count("sent") + measured.count("markers_sent");
    const std::uint64_t received =
        measured.count("received") + measured.count("duplicated") + measured.count("markers_received");
    const std::uint64_t dropped = measured.count("dropped_by_the_socket");
    laws.push_back(
        {.name = fmt::format("{}: datagrams sent = received + dropped by the socket", name_of(protocol.protocol)),
         .holds = sent == received + dropped,
         .detail =
             fmt::format("{} = {} + {}; RcvbufErrors {}", sent, received, dropped, measured.count("rcvbuf_errors")),
         .protocol = protocol.protocol,
         .concerns = Figures::kCounts});
  }
  return laws;
}

}  // namespace sockscope
