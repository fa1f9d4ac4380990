#pragma once

#include <cstddef>

#include "analysis/summary.h"

/// Summaries as a run would give them, written by hand: small enough to check every printed figure against its source,
/// consistent in themselves (the stages add up to the round trips, the laws that hold do hold).
namespace sockscope::testing {

/// TCP and UDP, untraced and traced, nothing wrong.
[[nodiscard]] Summary full_compare();

/// The same with the figures of twelve rounds, two of them disturbed, and as the comparison of A with B of which three
/// rounds cannot tell.
[[nodiscard]] Summary compared();
[[nodiscard]] Summary cannot_tell();

/// The first, of TCP over a bridge (two messages of one way and one of another) and of UDP over a pair of devices.
[[nodiscard]] Summary over_devices();

/// A law of UDP that fails about the counts; nothing else wrong.
[[nodiscard]] Summary one_law_fails();

/// The same with events lost, an interruption and round trips given up.
[[nodiscard]] Summary flawed_compare();

/// What an ordinary user gets: latency, getrusage and some counters, and what is missing.
[[nodiscard]] Summary untraced_only();

/// A recording of TCP that no run describes: no clock of a workload, no getrusage.
[[nodiscard]] Summary foreign_recording();

/// Somebody's own programs: netcat with one line over TCP, which nobody answers.
[[nodiscard]] Summary own_programs();

/// Of TCP no receiver ever blocked, and the kernel lacks what ends "deliver".
[[nodiscard]] Summary lacking_stages();

/// A one-way workload with losses over UDP, and one whose round trips stall (Nagle).
[[nodiscard]] Summary one_way();
[[nodiscard]] Summary stalled();

/// The one-way workload with traced rounds, whose messages are counted and not followed.
[[nodiscard]] Summary traced_one_way();

/// As long, as large and as hostile as anything can be: the largest numbers everywhere, escape sequences in every text.
[[nodiscard]] Summary hostile();

/// A part of a sample's protocol (0: TCP) that the sample is known to have; throws if it has not.
[[nodiscard]] UntracedSummary& untraced_of(Summary& summary, std::size_t index);
[[nodiscard]] TracedSummary& traced_of(Summary& summary, std::size_t index);

}  // namespace sockscope::testing
