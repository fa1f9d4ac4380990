#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "workloads/microbench/message_works.h"
#include "workloads/microbench/waiter.h"

namespace sockscope {

/// Where the two ends of a round trip are.
enum class Placement : std::uint8_t {
  kThreadsOneCpu,   ///< Two threads of one process, on one CPU,
  kThreadsTwoCpus,  ///< or on two.
  kProcesses,       ///< Two processes, on one CPU.
};

/// "threads-one-cpu", "threads-two-cpus", "processes".
std::string_view name_of(Placement placement);

struct RoundTripSpec {
  Transport transport = Transport::kTcp;
  std::size_t size = 64;
  Placement placement = Placement::kProcesses;
  Waiting waiting = Waiting::kBlock;
  SocketOptions options{};
  std::optional<int> other_cpu{};  ///< For kThreadsTwoCpus.
};

/// A message thrown to a peer and back. The calling thread is one end, and the peer is where it is unless it is to be
/// on the other CPU. kEnvironment without one for kThreadsTwoCpus.
AnyWork round_trip(const RoundTripSpec& spec);

}  // namespace sockscope
