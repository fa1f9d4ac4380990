#pragma once

#include <cstdint>
#include <vector>

#include "workloads/barrier.h"
#include "workloads/one_way.h"
#include "workloads/server_sockets.h"

/// Paced one-way messages from client to server. Each carries the time at which it was sent; both ends read the same
/// clock.
namespace sockscope {

class MessageClient {
 public:
  MessageClient(int socket, const WorkloadSpec& spec)
      : socket_(socket), spec_(spec), message_(spec.size), phase_(socket, spec) {}
  Result<> warm_up();
  Result<EndResult> measure();
  void complete(EndResult& result) const { phase_.add_markers(result.measured); }
  Result<> tell_over(Phase phase) { return phase_.tell_over(phase); }

 private:
  Result<std::uint64_t> send_paced(std::uint64_t count, std::uint64_t deadline_ns, Samples& lateness);

  int socket_;
  WorkloadSpec spec_;
  std::vector<std::byte> message_;
  PhaseTeller phase_;
};

class MessageServer {
 public:
  MessageServer(int socket, const WorkloadSpec& spec) : spec_(spec), receiver_(socket, spec) {}
  Result<> warm_up() { return receiver_.warm_up(); }
  Result<EndResult> measure();
  void complete(EndResult& result) { receiver_.add_counts(result.measured); }

 private:
  WorkloadSpec spec_;
  MessageReceiver receiver_;
};

Result<EndResult> run_message_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_message_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
