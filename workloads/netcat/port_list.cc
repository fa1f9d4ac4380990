#include "workloads/netcat/port_list.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/protocol.h"

namespace sockscope::netcat {
namespace {

constexpr int kHighest = 65535;

Result<int> number_in(const std::string& word, int lowest) {
  int number = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, number);
  if (word.empty() || error == std::errc::invalid_argument || rest != end) {
    return fail(ErrorKind::kUsage, "port number invalid: {}", word);
  }
  if (error == std::errc::result_out_of_range || number > kHighest) {
    return fail(ErrorKind::kUsage, "port number too large: {}", word);
  }
  if (number < lowest) return fail(ErrorKind::kUsage, "port number too small: {}", word);
  return number;
}

std::optional<std::uint16_t> port_of_service(const std::string& name, Protocol protocol) {
  const servent* const service = getservbyname(name.c_str(), protocol == Protocol::kUdp ? "udp" : "tcp");
  if (service == nullptr) return std::nullopt;
  return ntohs(static_cast<std::uint16_t>(service->s_port));
}

}  // namespace

Result<std::vector<std::uint16_t>> ports_of(const std::string& word, Protocol protocol) {
  // First, as a name may have a dash in it (ftp-data).
  if (const auto port = port_of_service(word, protocol)) return std::vector{*port};
  const std::size_t dash = word.size() > 1 ? std::min(word.find('-'), word.size()) : word.size();
  auto first = number_in(word.substr(0, dash), 1);
  if (!first) return pass_on(first);
  auto last = dash == word.size() ? first : number_in(word.substr(dash + 1), 1);
  if (!last) return pass_on(last);
  std::vector<std::uint16_t> ports;
  for (int port = std::min(*first, *last); port <= std::max(*first, *last); ++port) {
    ports.push_back(static_cast<std::uint16_t>(port));
  }
  return ports;
}

Result<std::uint16_t> local_port_of(const std::string& word, Protocol protocol) {
  if (const auto port = port_of_service(word, protocol)) return *port;
  auto number = number_in(word, 0);
  if (!number) return pass_on(number);
  return static_cast<std::uint16_t>(*number);
}

std::string service_of(std::uint16_t port, Protocol protocol) {
  const servent* const service = getservbyport(htons(port), protocol == Protocol::kUdp ? "udp" : "tcp");
  return service == nullptr ? "*" : service->s_name;
}

}  // namespace sockscope::netcat
