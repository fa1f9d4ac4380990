#pragma once

#include <cstdint>
#include <string>

#include "base/protocol.h"
#include "base/unique_fd.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// Two sockets on loopback, each connected to the other. A test that cannot have them throws.
struct ConnectedEnds {
  explicit ConnectedEnds(Protocol protocol);

  UniqueFd client;
  UniqueFd server;
};

/// A run of a few round trips, so that a test takes milliseconds.
struct ShortRun {
  Protocol protocol = Protocol::kTcp;
  std::uint32_t size = 64;
  std::uint64_t count = 20;
  std::uint64_t warm_up = 3;

  [[nodiscard]] WorkloadSpec spec() const;
};

/// The name of a parameterised test: "Tcp64Bytes".
[[nodiscard]] std::string name_of(const ShortRun& run);
[[nodiscard]] std::string name_of_test(Protocol protocol);

}  // namespace sockscope
