#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/protocol.h"
#include "workloads/end_result.h"

namespace sockscope {

/// A descriptor of a process that is a TCP or UDP socket, as /proc/PID/fd and /proc/PID/net have it (proc(5)).
struct OpenSocket {
  int fd = -1;
  std::uint64_t inode = 0;  ///< Names the socket.
  Protocol protocol = Protocol::kTcp;
  std::uint16_t port = 0;   ///< Its own.
  bool is_waiting = false;  ///< TCP: it listens. UDP: it is bound and not connected.
};

/// A process with its threads and sockets, which a recording is to follow.
struct SocketOwner {
  pid_t pid = 0;
  std::vector<pid_t> tids;   ///< Its threads beside the first.
  std::optional<Role> role;  ///< Absent of what an end started.
  std::vector<OpenSocket> sockets;
};

/// Those of one process, in its own network namespace; none of a process that is gone. A TCP socket that is neither
/// connected nor listening is not among them.
std::vector<OpenSocket> open_sockets_of(pid_t pid);

}  // namespace sockscope
