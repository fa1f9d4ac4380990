#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "workloads/address.h"
#include "workloads/barrier.h"
#include "workloads/measured_part.h"
#include "workloads/server_sockets.h"

/// A port scan, as `nc -z` does it: over TCP a connection that is closed at once, or refused; over UDP a datagram that
/// nobody answers, or that ICMP refuses. Every other port is open. The order is drawn at random from the seed.
namespace sockscope {

/// A port and what is known of it beforehand.
struct ScannedPort {
  std::uint16_t number = 0;
  bool is_open = false;
};

enum class PortVerdict { kOpen, kClosed };

/// Tries one port. UDP: a port that has not refused three datagrams, each within a few milliseconds, counts as open;
/// more nobody can know.
Result<PortVerdict> try_port(const WorkloadSpec& spec, std::uint16_t port);

/// Scans the ports and counts verdicts that are wrong, against what is known.
class ScanClient {
 public:
  ScanClient(std::vector<ScannedPort> ports, WorkloadSpec spec) : ports_(std::move(ports)), spec_(std::move(spec)) {}
  Result<> warm_up();
  Result<EndResult> measure();

 private:
  std::vector<ScannedPort> ports_;
  WorkloadSpec spec_;
};

/// All ports are held until the end, the closed ones too: nobody else may be given one of them, and a client that was
/// given one for its own could connect to itself. The first socket listens on TCP whatever is scanned: the client
/// connects to it when it is done.
Result<ServerSockets> open_scan_sockets(const WorkloadSpec& spec);
Result<EndResult> run_scan_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_scan_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
