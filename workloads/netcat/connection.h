#pragma once

#include <chrono>
#include <optional>

#include "base/error.h"
#include "base/protocol.h"
#include "base/unique_fd.h"
#include "workloads/netcat/address.h"

namespace sockscope::netcat {

/// SO_RCVBUF and SO_SNDBUF; absent: the kernel's.
struct BufferSizes {
  std::optional<int> receive_bytes;
  std::optional<int> send_bytes;
};

Result<> set_buffer_sizes(int socket, const BufferSizes& sizes);

enum class Blocking { kYes, kNo };

/// A fresh socket of that family.
Result<UniqueFd> open_socket(int family, Protocol protocol, Blocking blocking);

/// Binds a socket that is to be connected. kEnvironment, in netcat's words.
Result<> bind_source(int socket, const Address& source);

enum class Connected { kYes, kRefused, kTimedOut };

struct ConnectOutcome {
  Connected connected = Connected::kYes;
  int error = 0;  ///< errno of kRefused, which stands for every reason that is the network's.
};

/// Connects a socket that does not block, waiting no longer than the time-out.
ConnectOutcome connect_within(int socket, const Address& address, std::optional<std::chrono::seconds> timeout);

}  // namespace sockscope::netcat
