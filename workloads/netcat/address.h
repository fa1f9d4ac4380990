#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/protocol.h"

/// Addresses of either family, as the resolver gives them and as people read them.
namespace sockscope::netcat {

struct Address {
  sockaddr_storage bytes{};
  socklen_t length = sizeof bytes;

  [[nodiscard]] const sockaddr* generic() const {
    return reinterpret_cast<const sockaddr*>(&bytes);
  }  // NOLINT: its API
  [[nodiscard]] sockaddr* generic() { return reinterpret_cast<sockaddr*>(&bytes); }  // NOLINT: its API
  [[nodiscard]] int family() const { return bytes.ss_family; }
  [[nodiscard]] std::uint16_t port() const;
  /// 0.0.0.0 or ::
  [[nodiscard]] bool is_any() const;
};

struct AddressQuestion {
  std::string host;  ///< Empty: any address of this machine, for a socket that listens.
  std::uint16_t port = 0;
  Protocol protocol = Protocol::kTcp;
  int family = AF_UNSPEC;
  bool numeric_only = false;  ///< No name is looked up.
};

/// At least one address, in the resolver's order. kEnvironment, in netcat's words, if there is none.
Result<std::vector<Address>> resolve(const AddressQuestion& question);

/// The host's number, as in 127.0.0.1.
std::string number_of(const Address& address);
/// The host's name, or its number where it has none.
std::string name_of(const Address& address);

/// The address that a socket is bound to.
Result<Address> local_address(int socket);

}  // namespace sockscope::netcat
