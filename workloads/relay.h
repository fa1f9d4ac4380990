#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "workloads/barrier.h"
#include "workloads/end_result.h"
#include "workloads/relay_message.h"
#include "workloads/server_sockets.h"
#include "workloads/workload_spec.h"

/// A ping-pong with a simple proxy in the middle, and the same one without it, in turn: what the middle hop adds.
///
/// The proxy (workloads/relay_proxy.h) is a process of its own on the server's CPU. Messages carry their stamps
/// (workloads/relay_message.h), so that a relayed round trip comes apart into stages that add up to it.
namespace sockscope {

/// The sequence of what only tells: over UDP until it is heard, unanswered; over TCP once, as in workloads/echo.h.
inline constexpr std::uint64_t kRelayHello = ~std::uint64_t{1};
inline constexpr std::uint64_t kRelayEndOfWarmUp = ~std::uint64_t{0};

/// A connected socket and the message that is coming in on it.
struct RelayFlow {
  explicit RelayFlow(int flow_socket, std::size_t size) : socket(flow_socket), incoming(size) {}

  int socket;
  std::vector<std::byte> incoming;
  std::size_t received = 0;
};

class RelayClient {
 public:
  /// Both sockets are connected, `direct` to the server and `relayed` to the proxy; they stay the caller's.
  RelayClient(int direct, int relayed, const WorkloadSpec& spec);

  /// The spec's warm-up pairs of round trips. Ends with the server told so on both sockets.
  Result<> warm_up();

  /// The measured pairs: one round trip without the proxy and one through it, which comes first changing from pair to
  /// pair. A pair of which one was lost counts as lost.
  Result<EndResult> measure();

  Result<> tell_over(Phase phase);

 private:
  /// A round trip that came back: by our clock, and what its answer carries.
  struct Trip {
    std::uint64_t from_ns = 0;
    std::uint64_t to_ns = 0;
    RelayHeader answer;
  };

  /// No trip if its answer did not come in time.
  Result<std::optional<Trip>> round_trip(RelayFlow& flow, std::uint64_t sequence);
  Result<bool> receive(RelayFlow& flow, std::uint64_t sequence);
  Result<bool> pair(Trip& direct, Trip& relayed);

  WorkloadSpec spec_;
  std::vector<std::byte> request_;
  RelayFlow direct_;
  RelayFlow relayed_;
  std::uint64_t sequence_ = 0;
};

class RelayServer {
 public:
  RelayServer(int direct, int relayed, const WorkloadSpec& spec);

  /// Until the messages that end the warm-up have come.
  Result<> warm_up();

  /// Echoes until the client's end on both sockets.
  Result<EndResult> measure();

 private:
  enum class Came { kNothing, kRequest, kWarmUpIsOver, kEnd };
  Result<> wait();
  Result<Came> receive(RelayFlow& flow) const;
  static Result<> answer(RelayFlow& flow);
  void end(std::size_t flow);

  WorkloadSpec spec_;
  std::array<RelayFlow, 2> flows_;
  std::array<bool, 2> is_ready_{};
  std::array<bool, 2> is_over_{};
};

/// The rows of the workload table.
Result<ServerSockets> open_relay_sockets(const WorkloadSpec& spec);
Result<EndResult> run_relay_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_relay_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
