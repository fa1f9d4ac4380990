#pragma once

#include <chrono>
#include <optional>

#include "base/error.h"
#include "base/protocol.h"

namespace sockscope::netcat {

/// Plain descriptors, which the relay does not own. The socket is connected or, if UDP, may be open to all senders.
struct RelayEnds {
  int input = -1;
  int output = -1;
  int socket = -1;
};

struct RelayOptions {
  Protocol protocol = Protocol::kTcp;
  bool read_input = true;
  bool serve = false;                   ///< The peer's end is the end; a client goes on sending.
  bool shut_down_at_input_end = false;  ///< Tell the peer that no more comes. If not, it never learns.
  bool leave_at_input_end = false;      ///< Do not wait for the peer's end once the input has ended.
  bool refuse_telnet_options = false;
  bool empty_datagram_ends = true;
  std::chrono::seconds line_interval{0};             ///< Rest behind every line that was sent.
  std::optional<std::chrono::seconds> idle_timeout;  ///< Give up when nothing has happened for so long.
};

enum class RelayEnd { kDone, kIdle };

/// Copies the input to the socket and the socket to the output, both at once, until both are through, as netcat does:
/// the end of the input ends nothing by itself, since answers may still come; nor does the end of a client's peer. What
/// an end fails with is its end, no error: netcat's exit status is 0 then. kEnvironment if there can be no poll(2).
Result<RelayEnd> relay(const RelayEnds& ends, const RelayOptions& options);

}  // namespace sockscope::netcat
