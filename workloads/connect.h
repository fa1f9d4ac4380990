#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "workloads/address.h"
#include "workloads/barrier.h"
#include "workloads/measured_part.h"
#include "workloads/server_sockets.h"

/// A new connection for every request: connect, request, response, close (netperf's CRR); over UDP a new socket. The
/// client closes first, so that it is its sockets that stay in TIME_WAIT.
///
/// A phase ends with a connection without a request (TCP); over UDP with a datagram that is no request, which comes
/// until it is heard, and so may come late.
namespace sockscope {

class ConnectClient {
 public:
  ConnectClient(const Address& server, const WorkloadSpec& spec) : server_(server), spec_(spec), message_(spec.size) {}

  Result<> warm_up();
  Result<EndResult> measure();
  Result<> tell_over(Phase phase);

 private:
  struct Times;
  Result<> transact(Times& times);
  Result<bool> exchange(int socket);

  Address server_;
  WorkloadSpec spec_;
  std::vector<std::byte> message_;
};

class ConnectServer {
 public:
  /// The socket is bound; TCP: listening.
  ConnectServer(int socket, const WorkloadSpec& spec) : socket_(socket), spec_(spec), message_(spec.size) {}

  Result<> warm_up();
  Result<EndResult> measure();

 private:
  Result<std::uint64_t> serve(Phase phase);
  Result<std::uint64_t> serve_connections();
  Result<std::uint64_t> serve_datagrams(Phase phase);

  int socket_;
  WorkloadSpec spec_;
  std::vector<std::byte> message_;
};

Result<EndResult> run_connect_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_connect_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
