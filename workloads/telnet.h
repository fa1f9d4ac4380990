#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "workloads/barrier.h"
#include "workloads/measured_part.h"
#include "workloads/server_sockets.h"
#include "workloads/telnet_protocol.h"

/// A telnet session: the options are negotiated, then lines are typed, key by key, each key waiting for its echo, and
/// the server answers each line with the line. The spec's size is that of a line in characters.
namespace sockscope {

class TelnetClient {
 public:
  TelnetClient(int socket, const WorkloadSpec& spec);

  Result<> warm_up();
  Result<EndResult> measure();
  [[nodiscard]] Result<> tell_over(Phase phase) const;

  /// The options: kEnvironment if the server does not agree to echo.
  Result<> negotiate();

  /// Whether what is expected came back. Over UDP a key or its echo may be lost.
  Result<bool> type(std::string_view keys, std::string_view expected);

 private:
  struct Times;
  Result<> type_line(Times& times);
  template <class Condition>
  Result<bool> receive(std::string& came, const Condition& is_done);
  Result<> take(std::span<const std::byte> bytes, std::string& came);

  int socket_;
  WorkloadSpec spec_;
  telnet::Parser parser_;
  telnet::Negotiation negotiation_{{}, {telnet::kEcho, telnet::kSuppressGoAhead}};
  std::string line_;
  std::uint64_t negotiation_ns_ = 0;
};

class TelnetServer {
 public:
  TelnetServer(int socket, WorkloadSpec spec) : socket_(socket), spec_(std::move(spec)) {}

  /// Greets and serves until the end of the block.
  Result<> warm_up();
  /// Until the end of the transmission.
  Result<EndResult> measure();

 private:
  Result<> serve(char end);

  int socket_;
  WorkloadSpec spec_;
  telnet::Session session_;
  bool is_left_ = false;  ///< The client is gone.
};

Result<EndResult> run_telnet_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_telnet_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
