#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/exchange_story.h"
#include "analysis/lost_message.h"
#include "base/histogram.h"

namespace sockscope {

/// All exchanges of a variant of one kind: round trips, or messages without an answer.
struct ExchangeGroup {
  std::string variant;           ///< Its key, as ExchangeStory::variant.
  bool are_round_trips = false;  ///< Else lone messages.
  Histogram durations;
  ExchangeStory median;  ///< The one nearest to the median of a sample of some thousands, spread over all.
};

/// The slowest exchanges of all recordings of a run directory, or of a file, and what they are slow against.
struct SlowestExchanges {
  std::vector<ExchangeStory> slowest;  ///< The slowest first.
  std::vector<ExchangeGroup> groups;   ///< In the order in which they were first seen.

  std::uint64_t over = 0;  ///< Exchanges that took over_ns or longer, of which `slowest` has some.

  std::uint64_t losses = 0;       ///< Datagrams lost to a full receive buffer,
  std::vector<LostMessage> lost;  ///< and the first of them.
  std::uint64_t unmatched = 0;    ///< Messages that could not be followed: any of them may have been slower.
  std::uint64_t retransmits = 0;  ///< tcp:tcp_retransmit_skb
  std::uint64_t lost_events = 0;  ///< Of the recordings.
  bool is_filtered = false;       ///< Of our workloads, which are recorded with filters by thread.
  bool lacks_switches = false;    ///< Switches between other tasks were seen to be missing.
  std::vector<std::string>
      lacks;  ///< Events that causes are told by and that were not recorded ("sched:sched_switch").
};

}  // namespace sockscope
