#pragma once

#include <span>

#include "base/error.h"
#include "base/protocol.h"
#include "base/unique_fd.h"
#include "workloads/netcat/address.h"
#include "workloads/netcat/connection.h"

namespace sockscope::netcat {

/// A socket bound to the first of the addresses that can be had, listening if TCP. It shares the port with other
/// listeners (SO_REUSEPORT), as netcat's does. kEnvironment, naming the address, if there is none.
Result<UniqueFd> listen_at(std::span<const Address> addresses, Protocol protocol, const BufferSizes& sizes);

/// A peer and the socket that leads to it.
struct Peer {
  UniqueFd socket;
  Address address;
};

/// Waits for the next connection.
Result<Peer> accept_peer(int listener);

/// Waits for the first datagram, leaves it in the queue and connects the socket to its sender: all others are not
/// heard.
Result<Address> lock_to_first_sender(int socket);

}  // namespace sockscope::netcat
