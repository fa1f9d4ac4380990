#pragma once

#include "analysis/slowest_exchanges.h"

/// Paths of messages, written by hand.
namespace sockscope::testing {

/// Of TCP on one CPU, from 1,000,000 ns on: a round trip of 10,000 ns, in which the server (tid 20) is woken by the
/// client's (tid 10) packet, and answers. Its twelve events are its own.
[[nodiscard]] ExchangeStory sample_story();

/// The median one, and two slow ones: of 50,000 ns, and of 30,000 ns with 1,000 events, while "<script>" ran.
[[nodiscard]] SlowestExchanges sample_exchanges();

}  // namespace sockscope::testing
