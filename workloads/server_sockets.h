#pragma once

#include <cstdint>
#include <vector>

#include "base/unique_fd.h"

namespace sockscope {

/// What the harness opens before either end is started, so that a port that is taken is known at once and the client
/// knows where the server is.
struct ServerSockets {
  std::vector<UniqueFd> open;    ///< Bound; TCP: listening.
  std::vector<UniqueFd> closed;  ///< Bound and not listening: connections to them are refused.
  std::vector<std::uint16_t> closed_ports;
};

}  // namespace sockscope
