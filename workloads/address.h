#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sockscope {

enum class IpVersion { kV4, kV6 };

/// Where a socket is or goes: an address of either IP version with a port, as the sockets API takes it.
class Address {
 public:
  /// 127.0.0.1 or ::1.
  static Address loopback(IpVersion version, std::uint16_t port);

  /// A numeric address ("10.0.0.1", "::1") of that version. kUsage, naming it, if it is none.
  static Result<Address> parse(IpVersion version, std::string_view text, std::uint16_t port);

  /// Where a socket is bound, and where it is connected to.
  static Result<Address> local_of(int socket);
  static Result<Address> remote_of(int socket);

  [[nodiscard]] std::uint16_t port() const;
  void set_port(std::uint16_t port);
  [[nodiscard]] IpVersion version() const { return storage_.ss_family == AF_INET6 ? IpVersion::kV6 : IpVersion::kV4; }
  [[nodiscard]] int family() const { return storage_.ss_family; }

  /// "127.0.0.1", "::1": without the port.
  [[nodiscard]] std::string host() const;
  /// "127.0.0.1:80", "[::1]:80".
  [[nodiscard]] std::string text() const;

  /// For bind(2), connect(2), sendto(2), recvfrom(2) and accept(2).
  [[nodiscard]] const sockaddr* get() const;
  sockaddr* get();
  [[nodiscard]] socklen_t size() const { return size_; }
  /// Before a call that fills in: what it may use.
  socklen_t* capacity();

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = sizeof(sockaddr_in);
};

}  // namespace sockscope
