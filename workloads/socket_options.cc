#include "workloads/socket_options.h"

#include <net/if.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>

namespace sockscope {
namespace {

bool set_number(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

std::optional<int> get_number(int socket, int level, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  if (getsockopt(socket, level, option, &value, &length) != 0) return std::nullopt;
  return value;
}

std::string get_text(int socket, int level, int option) {
  std::array<char, 64> text{};
  socklen_t length = text.size() - 1;
  if (getsockopt(socket, level, option, text.data(), &length) != 0) return {};
  return text.data();
}

Result<> set_flag(int socket, int option, bool value, std::string_view name) {
  if (set_number(socket, IPPROTO_TCP, option, value ? 1 : 0)) return {};
  return fail(ErrorKind::kEnvironment, "{} cannot be set: {}", name, errno_text(errno));
}

Result<> set_congestion(int socket, const std::string& name) {
  if (name.empty()) return {};
  if (setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, name.data(), static_cast<socklen_t>(name.size())) == 0) return {};
  const int error = errno;
  std::string available;
  std::getline(std::ifstream("/proc/sys/net/ipv4/tcp_available_congestion_control"), available);
  if (error == EPERM) return fail(ErrorKind::kEnvironment, "--congestion {} is for root alone: run with sudo", name);
  return fail(ErrorKind::kEnvironment, "--congestion {} is not there: choose from {}, or sudo modprobe tcp_{}", name,
              available, name);
}

/// The sockets of one buffer: how the command line and the kernel name it.
struct Buffer {
  std::string_view name;
  int option = 0;
  int forced = 0;  // the same for the privileged, beyond the system's limit
  std::string_view limit;
};
constexpr Buffer kSendBuffer{"--send-buffer", SO_SNDBUF, SO_SNDBUFFORCE, "net.core.wmem_max"};
constexpr Buffer kReceiveBuffer{"--receive-buffer", SO_RCVBUF, SO_RCVBUFFORCE, "net.core.rmem_max"};

/// The kernel doubles what is asked for, and gives less without a word if that goes beyond its limit.
Result<> set_buffer(int socket, const Buffer& buffer, std::optional<std::uint32_t> bytes) {
  if (!bytes) return {};
  const auto wanted = static_cast<int>(*bytes);
  for (const int option : {buffer.option, buffer.forced}) {
    if (!set_number(socket, SOL_SOCKET, option, wanted)) continue;
    if (get_number(socket, SOL_SOCKET, buffer.option).value_or(0) / 2 >= wanted) return {};
  }
  return fail(ErrorKind::kEnvironment, "{} {} is beyond this system's limit: run as root, or sudo sysctl {}={}",
              buffer.name, wanted, buffer.limit, wanted);
}

Result<> set_busy_poll(int socket, std::optional<std::uint32_t> microseconds) {
  if (!microseconds || set_number(socket, SOL_SOCKET, SO_BUSY_POLL, static_cast<int>(*microseconds))) return {};
  if (errno == EPERM) return fail(ErrorKind::kEnvironment, "--busy-poll is for root alone: run with sudo");
  return fail(ErrorKind::kEnvironment, "--busy-poll cannot be set: {}", errno_text(errno));
}

Result<> set_dscp(int socket, IpVersion version, std::optional<std::uint8_t> dscp) {
  if (!dscp) return {};
  const int value = *dscp << 2;
  const bool is_set = version == IpVersion::kV6 ? set_number(socket, IPPROTO_IPV6, IPV6_TCLASS, value)
                                                : set_number(socket, IPPROTO_IP, IP_TOS, value);
  if (is_set) return {};
  return fail(ErrorKind::kEnvironment, "--dscp {} cannot be set: {}", *dscp, errno_text(errno));
}

Result<> set_device(int socket, const std::string& device) {
  if (device.empty()) return {};
  if (setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, device.data(), static_cast<socklen_t>(device.size())) == 0) {
    return {};
  }
  if (errno == ENODEV) return fail(ErrorKind::kEnvironment, "--device {}: there is no such interface", device);
  if (errno == EPERM) return fail(ErrorKind::kEnvironment, "--device is for root alone: run with sudo");
  return fail(ErrorKind::kEnvironment, "--device {} cannot be set: {}", device, errno_text(errno));
}

Result<> apply_tcp_options(const SocketOptions& options, int socket) {
  if (auto set = set_flag(socket, TCP_NODELAY, options.nodelay, "--nodelay"); !set) return set;
  if (options.cork) {
    if (auto set = set_flag(socket, TCP_CORK, true, "--cork"); !set) return set;
  }
  if (options.quickack) {
    if (auto set = set_flag(socket, TCP_QUICKACK, true, "--quickack"); !set) return set;
  }
  return set_congestion(socket, options.congestion);
}

}  // namespace

Result<> apply(const SocketOptions& options, Protocol protocol, int socket) {
  if (protocol == Protocol::kTcp) {
    if (auto set = apply_tcp_options(options, socket); !set) return set;
  }
  if (auto set = set_buffer(socket, kSendBuffer, options.send_buffer); !set) return set;
  if (auto set = set_buffer(socket, kReceiveBuffer, options.receive_buffer); !set) return set;
  if (auto set = set_busy_poll(socket, options.busy_poll_us); !set) return set;
  if (auto set = set_dscp(socket, options.ip, options.dscp); !set) return set;
  return set_device(socket, options.device);
}

void rearm_quickack(int socket) { (void)set_number(socket, IPPROTO_TCP, TCP_QUICKACK, 1); }

std::vector<std::pair<std::string, std::string>> options_in_effect(Protocol protocol, int socket) {
  std::vector<std::pair<std::string, std::string>> options;
  const auto add = [&](const char* name, int level, int option) {
    if (const auto value = get_number(socket, level, option)) options.emplace_back(name, std::to_string(*value));
  };
  if (protocol == Protocol::kTcp) {
    add("nodelay", IPPROTO_TCP, TCP_NODELAY);
    add("quickack", IPPROTO_TCP, TCP_QUICKACK);
    add("cork", IPPROTO_TCP, TCP_CORK);
    options.emplace_back("congestion", get_text(socket, IPPROTO_TCP, TCP_CONGESTION));
  }
  add("send_buffer", SOL_SOCKET, SO_SNDBUF);
  add("receive_buffer", SOL_SOCKET, SO_RCVBUF);
  add("busy_poll_us", SOL_SOCKET, SO_BUSY_POLL);
  const auto local = Address::local_of(socket);
  const bool is_v6 = local && local->version() == IpVersion::kV6;
  const auto traffic_class =
      is_v6 ? get_number(socket, IPPROTO_IPV6, IPV6_TCLASS) : get_number(socket, IPPROTO_IP, IP_TOS);
  if (traffic_class) options.emplace_back("dscp", std::to_string(*traffic_class >> 2));
  if (const auto device = get_text(socket, SOL_SOCKET, SO_BINDTODEVICE); !device.empty()) {
    options.emplace_back("device", device);
  }
  if (local) options.emplace_back("local", local->host());
  if (const auto remote = Address::remote_of(socket)) options.emplace_back("remote", remote->host());
  return options;
}

}  // namespace sockscope
