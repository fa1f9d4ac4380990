#pragma once

#include <string>
#include <vector>

#include "analysis/summary.h"

namespace sockscope {

/// Something well known that the figures show, by its name, with what it is and what to do about it.
struct Finding {
  std::string name;
  Variant variant;
  std::string detail;
};

/// "nagle-delayed-ack": round trips of about 40 ms on a connection with Nagle's algorithm. It holds the second of two
/// small writes back until the first is acknowledged, and the peer, which has nothing to answer yet, acknowledges only
/// when its delayed-ACK timer runs out (TCP_DELACK_MIN, HZ/25, and up to a tick or two of the timer wheel).
[[nodiscard]] std::vector<Finding> findings_of(const Summary& summary);

}  // namespace sockscope
