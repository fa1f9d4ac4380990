#pragma once

#include <cstdint>
#include <vector>

#include "analysis/thread_timeline.h"
#include "base/protocol.h"

namespace sockscope {

/// A descriptor of a socket that a process has when the recording begins.
struct KnownSocket {
  int fd = -1;
  std::uint64_t inode = 0;  ///< Names the socket: descriptors with the same one share it.
  Protocol protocol = Protocol::kTcp;
  std::uint16_t listens_on = 0;  ///< The TCP port on which it listens; 0: it does not.
};

/// A process that is followed, as it is when the recording begins.
struct KnownProcess {
  /// Which end of the workload it is.
  enum class End : std::uint8_t { kNeither, kClient, kServer };

  std::int32_t pid = 0;
  std::vector<std::int32_t> tids;  ///< Its threads beside the first.
  End end = End::kNeither;
  TimeWindow window;  ///< What it does outside of it does not count.
  std::vector<KnownSocket> sockets;

  [[nodiscard]] bool is_neither_end() const { return end == End::kNeither; }
};

}  // namespace sockscope
