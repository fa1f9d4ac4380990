#include "workloads/address.h"

#include <arpa/inet.h>

#include <array>
#include <cerrno>

namespace sockscope {
namespace {

constexpr int family_of(IpVersion version) { return version == IpVersion::kV6 ? AF_INET6 : AF_INET; }

// The sockets API is typed by sockaddr*, of which every address family is a layout-compatible prefix.
template <class Family>
Family& as(sockaddr_storage& storage) {
  return reinterpret_cast<Family&>(storage);  // NOLINT
}
template <class Family>
const Family& as(const sockaddr_storage& storage) {
  return reinterpret_cast<const Family&>(storage);  // NOLINT
}

}  // namespace

Address Address::loopback(IpVersion version, std::uint16_t port) {
  Address address;
  address.storage_.ss_family = static_cast<sa_family_t>(family_of(version));
  if (version == IpVersion::kV6) {
    as<sockaddr_in6>(address.storage_).sin6_addr = in6addr_loopback;
    address.size_ = sizeof(sockaddr_in6);
  } else {
    as<sockaddr_in>(address.storage_).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  address.set_port(port);
  return address;
}

Result<Address> Address::parse(IpVersion version, std::string_view text, std::uint16_t port) {
  Address address = loopback(version, port);
  void* const bytes = version == IpVersion::kV6 ? static_cast<void*>(&as<sockaddr_in6>(address.storage_).sin6_addr)
                                                : static_cast<void*>(&as<sockaddr_in>(address.storage_).sin_addr);
  if (inet_pton(family_of(version), std::string(text).c_str(), bytes) == 1) return address;
  return fail(ErrorKind::kUsage, "\"{}\" is no numeric IPv{} address", text, version == IpVersion::kV6 ? 6 : 4);
}

Result<Address> Address::local_of(int socket) {
  Address address;
  if (getsockname(socket, address.get(), address.capacity()) == 0) return address;
  return fail(ErrorKind::kEnvironment, "cannot ask for the local port: {}", errno_text(errno));
}

Result<Address> Address::remote_of(int socket) {
  Address address;
  if (getpeername(socket, address.get(), address.capacity()) == 0) return address;
  return fail(ErrorKind::kEnvironment, "cannot ask for the peer's address: {}", errno_text(errno));
}

std::uint16_t Address::port() const {
  return ntohs(version() == IpVersion::kV6 ? as<sockaddr_in6>(storage_).sin6_port : as<sockaddr_in>(storage_).sin_port);
}

void Address::set_port(std::uint16_t port) {
  (version() == IpVersion::kV6 ? as<sockaddr_in6>(storage_).sin6_port : as<sockaddr_in>(storage_).sin_port) =
      htons(port);
}

std::string Address::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const bytes = version() == IpVersion::kV6
                                ? static_cast<const void*>(&as<sockaddr_in6>(storage_).sin6_addr)
                                : static_cast<const void*>(&as<sockaddr_in>(storage_).sin_addr);
  return inet_ntop(family(), bytes, text.data(), text.size()) == nullptr ? "?" : text.data();
}

std::string Address::text() const {
  return version() == IpVersion::kV6 ? fmt::format("[{}]:{}", host(), port()) : fmt::format("{}:{}", host(), port());
}

const sockaddr* Address::get() const { return reinterpret_cast<const sockaddr*>(&storage_); }  // NOLINT
sockaddr* Address::get() { return reinterpret_cast<sockaddr*>(&storage_); }                    // NOLINT

socklen_t* Address::capacity() {
  size_ = sizeof storage_;
  return &size_;
}

}  // namespace sockscope
