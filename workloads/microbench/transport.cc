#include "workloads/microbench/transport.h"

namespace sockscope {

std::string_view name_of(Transport transport) {
  constexpr std::array<std::string_view, kTransports.size()> names{"tcp",           "udp",  "unix",
                                                                   "unix-datagram", "pipe", "eventfd"};
  return names.at(static_cast<std::size_t>(transport));
}

bool is_socket(Transport transport) { return transport != Transport::kPipe && transport != Transport::kEventfd; }

bool keeps_boundaries(Transport transport) {
  return transport == Transport::kUdp || transport == Transport::kUnixDatagram || transport == Transport::kEventfd;
}

bool can_carry(Transport transport, std::size_t size) {
  constexpr std::size_t counter = 8;
  constexpr std::size_t largest_datagram = 65'507;
  constexpr std::size_t pipe_capacity = 65'536;  // pipe(7)
  switch (transport) {
    case Transport::kEventfd:
      return size == counter;
    case Transport::kUdp:
      return size <= largest_datagram;
    case Transport::kPipe:
      return size <= pipe_capacity;
    case Transport::kTcp:
    case Transport::kUnix:
    case Transport::kUnixDatagram:
      return true;
  }
  return false;
}

}  // namespace sockscope
