#pragma once

#include <cstdint>
#include <string_view>

#include "workloads/address.h"

/// What the kernel counts for the whole network namespace, and for one socket.
namespace sockscope {

/// A counter of /proc/net/snmp ("Udp", "RcvbufErrors"), or of /proc/net/snmp6 for what IPv6 counts by itself (UDP and
/// ICMP; TCP counts both versions together). 0 where there is none.
std::uint64_t namespace_count(IpVersion version, std::string_view group, std::string_view name);

/// Datagrams that this socket has dropped (SO_MEMINFO): its receive buffer was full.
std::uint64_t socket_drops(int socket);

/// What TCP_INFO says of a connection so far.
struct TcpCounts {
  std::uint64_t segments_out = 0;  ///< With those that carry no data.
  std::uint64_t data_segments_out = 0;
  std::uint64_t retransmits = 0;
};
TcpCounts tcp_counts(int socket);

/// Connections to this port in TIME_WAIT.
std::uint64_t time_wait_count(IpVersion version, std::uint16_t remote_port);

}  // namespace sockscope
