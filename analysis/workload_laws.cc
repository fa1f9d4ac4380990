#include "analysis/workload_laws.h"

#include <fmt/format.h>

namespace sockscope {

std::vector<Law> check_workload_laws(const std::vector<VariantSummary>& sides) {
  std::vector<Law> laws;
  for (const VariantSummary& side : sides) {
    if (!side.untraced || !side.untraced->measured.has_count("dropped_by_the_socket")) continue;
    const Measurements& measured = side.untraced->measured;
    const std::uint64_t sent = measured.count("sent") + measured.count("markers_sent");
    const std::uint64_t received =
        measured.count("received") + measured.count("duplicated") + measured.count("markers_received");
    const std::uint64_t dropped = measured.count("dropped_by_the_socket");
    laws.push_back({.name = fmt::format("{}: datagrams sent = received + dropped by the socket", side.variant.key),
                    .holds = sent == received + dropped,
                    .detail = fmt::format("{} = {} + {}; RcvbufErrors {}", sent, received, dropped,
                                          measured.count("rcvbuf_errors")),
                    .variant = side.variant.key,
                    .concerns = Figures::kCounts});
  }
  return laws;
}

}  // namespace sockscope
