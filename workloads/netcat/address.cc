#include "workloads/netcat/address.h"

#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace sockscope::netcat {
namespace {

std::string resolver_error(int code) { return code == EAI_SYSTEM ? errno_text(errno) : gai_strerror(code); }

std::string host_text(const Address& address, int flags) {
  std::array<char, NI_MAXHOST> host{};
  const int code = getnameinfo(address.generic(), address.length, host.data(), host.size(), nullptr, 0, flags);
  return code == 0 ? host.data() : resolver_error(code);
}

// A copy: sockaddr_storage may not be read through another type.
template <class Specific>
Specific specific(const Address& address) {
  Specific copy{};
  std::memcpy(&copy, &address.bytes, sizeof copy);
  return copy;
}

}  // namespace

std::uint16_t Address::port() const {
  return ntohs(family() == AF_INET6 ? specific<sockaddr_in6>(*this).sin6_port : specific<sockaddr_in>(*this).sin_port);
}

bool Address::is_any() const {
  if (family() != AF_INET6) return specific<sockaddr_in>(*this).sin_addr.s_addr == INADDR_ANY;
  const in6_addr any = IN6ADDR_ANY_INIT;
  const auto address = specific<sockaddr_in6>(*this).sin6_addr;
  return std::memcmp(&address, &any, sizeof any) == 0;
}

Result<std::vector<Address>> resolve(const AddressQuestion& question) {
  addrinfo hints{};
  hints.ai_family = question.family;
  hints.ai_socktype = question.protocol == Protocol::kUdp ? SOCK_DGRAM : SOCK_STREAM;
  hints.ai_protocol = question.protocol == Protocol::kUdp ? IPPROTO_UDP : IPPROTO_TCP;
  hints.ai_flags = (question.host.empty() ? AI_PASSIVE : 0) | (question.numeric_only ? AI_NUMERICHOST : 0);
  addrinfo* first = nullptr;
  const char* const host = question.host.empty() ? nullptr : question.host.c_str();
  const int code = getaddrinfo(host, std::to_string(question.port).c_str(), &hints, &first);
  if (code != 0) {
    return fail(ErrorKind::kEnvironment, R"(getaddrinfo for host "{}" port {}: {})", question.host, question.port,
                resolver_error(code));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(first, freeaddrinfo);
  std::vector<Address> addresses;
  for (const addrinfo* each = first; each != nullptr; each = each->ai_next) {
    auto& address = addresses.emplace_back();
    address.length = each->ai_addrlen;
    std::memcpy(&address.bytes, each->ai_addr, each->ai_addrlen);
  }
  return addresses;
}

std::string number_of(const Address& address) { return host_text(address, NI_NUMERICHOST); }

// "Any" is nobody's name, and asking for it would only send a packet to the name server.
std::string name_of(const Address& address) { return address.is_any() ? number_of(address) : host_text(address, 0); }

Result<Address> local_address(int socket) {
  Address address;
  if (getsockname(socket, address.generic(), &address.length) == 0) return address;
  return fail(ErrorKind::kEnvironment, "cannot ask for the local address: {}", errno_text(errno));
}

}  // namespace sockscope::netcat
