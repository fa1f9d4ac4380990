#include "harness/open_sockets.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sockscope {
namespace {

// include/net/tcp_states.h, as /proc/net has them. A UDP socket that is bound and not connected is "closed".
constexpr std::string_view kListen = "0A";
constexpr std::string_view kBound = "07";

template <class Number>
std::optional<Number> number_in(std::string_view text, int base) {
  Number number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return parsed.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

/// "socket:[12345]" of each descriptor that is one, as (inode, descriptor).
std::multimap<std::uint64_t, int> descriptors_of(pid_t pid) {
  constexpr std::string_view prefix = "socket:[";
  std::multimap<std::uint64_t, int> descriptors;
  std::error_code gone;
  for (const auto& fd : std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", pid), gone)) {
    const std::string target = std::filesystem::read_symlink(fd.path(), gone).string();
    if (!target.starts_with(prefix)) continue;
    const auto inode = number_in<std::uint64_t>(std::string_view(target).substr(prefix.size()), 10);
    const auto number = number_in<int>(fd.path().filename().string(), 10);
    if (inode && number) descriptors.emplace(*inode, *number);
  }
  return descriptors;
}

/// Columns 2 (address:port), 4 (state) and 10 (inode) of a line of /proc/PID/net/NAME. Nothing of its heading.
std::optional<OpenSocket> socket_on(const std::string& line, Protocol protocol) {
  constexpr std::size_t address_at = 1;
  constexpr std::size_t state_at = 3;
  constexpr std::size_t inode_at = 9;
  std::istringstream words(line);
  std::array<std::string, inode_at + 1> columns;
  for (std::string& column : columns) words >> column;
  const std::string_view address = columns[address_at];
  const auto colon = address.rfind(':');
  const auto inode = number_in<std::uint64_t>(columns[inode_at], 10);
  if (colon == std::string_view::npos || !inode) return std::nullopt;
  const auto port = number_in<std::uint16_t>(address.substr(colon + 1), 16);
  return OpenSocket{.inode = *inode,
                    .protocol = protocol,
                    .port = port.value_or(0),
                    .is_waiting = columns[state_at] == (protocol == Protocol::kTcp ? kListen : kBound)};
}

}  // namespace

std::vector<OpenSocket> open_sockets_of(pid_t pid) {
  std::vector<OpenSocket> sockets;
  const auto descriptors = descriptors_of(pid);
  if (descriptors.empty()) return sockets;
  for (const auto& [name, protocol] : {std::pair{"tcp", Protocol::kTcp}, std::pair{"tcp6", Protocol::kTcp},
                                       std::pair{"udp", Protocol::kUdp}, std::pair{"udp6", Protocol::kUdp}}) {
    std::ifstream file(fmt::format("/proc/{}/net/{}", pid, name));
    for (std::string line; std::getline(file, line);) {
      const auto socket = socket_on(line, protocol);
      if (!socket) continue;
      const auto [begin, end] = descriptors.equal_range(socket->inode);
      for (auto at = begin; at != end; ++at) {
        sockets.push_back(*socket);
        sockets.back().fd = at->second;
      }
    }
  }
  return sockets;
}

}  // namespace sockscope
