#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/protocol.h"

namespace sockscope {

/// What one run of the echo workload does. Both ends get the same spec.
struct WorkloadSpec {
  static constexpr std::uint32_t kMaxSize = 65'536;     ///< Bytes over TCP.
  static constexpr std::uint32_t kMaxUdpSize = 65'507;  ///< The largest UDP payload over IPv4 (RFC 768, RFC 791).

  Protocol protocol = Protocol::kTcp;
  std::uint32_t size = 64;                           ///< Bytes of a message, request and response alike: 1 to kMaxSize.
  std::uint64_t count = 10'000;                      ///< Round trips; the upper bound if duration is set.
  std::optional<std::chrono::nanoseconds> duration;  ///< Stop sending after this long.
  std::uint64_t warm_up = 1'000;                     ///< Round trips before the measured ones, not counted.
  int client_cpu = 0;
  int server_cpu = 0;
  std::uint16_t port = 0;  ///< Of the server on 127.0.0.1; 0: one that is free.
  /// A round trip without an answer for one to two times this long is counted as lost and given up.
  std::chrono::milliseconds receive_timeout{1'000};
};

}  // namespace sockscope
