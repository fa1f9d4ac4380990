#include "workloads/net_counters.h"

#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>

namespace sockscope {
namespace {

// include/net/tcp_states.h; in /proc/net/tcp in hex.
constexpr std::string_view kTimeWait = "06";

/// "Udp: InDatagrams NoPorts ...", and below it "Udp: 12 0 ...".
std::uint64_t from_snmp(std::string_view group, std::string_view name) {
  std::ifstream file("/proc/net/snmp");
  std::string names;
  std::string values;
  while (std::getline(file, names) && std::getline(file, values)) {
    if (!names.starts_with(std::string(group) + ": ")) continue;
    std::istringstream columns(names);
    std::istringstream row(values);
    std::string value;
    for (std::string column; columns >> column && row >> value;) {
      if (column == name) return std::stoull(value);
    }
  }
  return 0;
}

/// "Udp6RcvbufErrors   12"
std::uint64_t from_snmp6(std::string_view group, std::string_view name) {
  std::ifstream file("/proc/net/snmp6");
  const std::string wanted = std::string(group) + "6" + std::string(name);
  std::uint64_t value = 0;
  for (std::string counter; file >> counter >> value;) {
    if (counter == wanted) return value;
  }
  return 0;
}

}  // namespace

std::uint64_t namespace_count(IpVersion version, std::string_view group, std::string_view name) {
  return version == IpVersion::kV6 && group != "Tcp" ? from_snmp6(group, name) : from_snmp(group, name);
}

std::uint64_t socket_drops(int socket) {
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t length = sizeof memory;
  if (getsockopt(socket, SOL_SOCKET, SO_MEMINFO, memory.data(), &length) != 0) return 0;
  return memory[SK_MEMINFO_DROPS];
}

TcpCounts tcp_counts(int socket) {
  tcp_info info{};
  socklen_t length = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return {};
  return {.segments_out = info.tcpi_segs_out,
          .data_segments_out = info.tcpi_data_segs_out,
          .retransmits = info.tcpi_total_retrans};
}

/// "  0: 0100007F:C350 0100007F:1F90 06 ...": local, remote, state.
std::uint64_t time_wait_count(IpVersion version, std::uint16_t remote_port) {
  std::ifstream file(version == IpVersion::kV6 ? "/proc/net/tcp6" : "/proc/net/tcp");
  std::uint64_t count = 0;
  std::string line;
  std::getline(file, line);  // the titles
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string number;
    std::string local;
    std::string remote;
    std::string state;
    words >> number >> local >> remote >> state;
    const auto colon = remote.find(':');
    if (state != kTimeWait || colon == std::string::npos) continue;
    if (std::stoul(remote.substr(colon + 1), nullptr, 16) == remote_port) ++count;
  }
  return count;
}

}  // namespace sockscope
