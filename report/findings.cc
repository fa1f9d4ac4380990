#include "report/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "report/numbers.h"

namespace sockscope {
namespace {

constexpr std::uint64_t kDelayedAckFrom = 38'000'000;
constexpr std::uint64_t kDelayedAckTo = 60'000'000;

std::uint64_t count_between(const Histogram& histogram, std::uint64_t from, std::uint64_t to) {
  std::uint64_t sum = 0;
  for (const auto& [bucket, count] : histogram.filled_buckets()) {
    const std::uint64_t lowest = Histogram::lowest_value_of(bucket);
    if (lowest >= from && lowest < to) sum += count;
  }
  return sum;
}

bool has_nagle(const UntracedSummary& untraced) {
  return std::ranges::find(untraced.client_socket, std::pair<std::string, std::string>("nodelay", "0")) !=
         untraced.client_socket.end();
}

}  // namespace

std::vector<Finding> findings_of(const Summary& summary) {
  std::vector<Finding> findings;
  for (const VariantSummary& side : summary.variants) {
    if (!side.untraced || !has_nagle(*side.untraced)) continue;
    const Histogram& rtt = side.untraced->rtt;
    const std::uint64_t stalled = count_between(rtt, kDelayedAckFrom, kDelayedAckTo);
    // One in a hundred: a single slow round trip is no pattern.
    if (stalled == 0 || stalled * 100 < rtt.count()) continue;
    findings.push_back(
        {"nagle-delayed-ack", side.variant,
         fmt::format("{} of {} round trips took about 40 ms: Nagle's algorithm holds the second small write back until "
                     "the first is acknowledged, and the peer delays that acknowledgement. Cure: TCP_NODELAY "
                     "(--nodelay), or the request in one write.",
                     format_count(stalled), format_count(rtt.count()))});
  }
  return findings;
}

}  // namespace sockscope
