#pragma once

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

 private:
  struct Times;
  Result<> negotiate();
  Result<> type_line(Times& times);
  Result<bool> type(std::string_view keys, std::string_view expected);
  Result<> end_phase();

  int socket_;
  WorkloadSpec spec_;
  telnet::Parser parser_;
  std::string line_;
  std::uint64_t options_ = 0;  ///< Negotiated: those that we agreed to.
  std::uint64_t negotiation_ns_ = 0;
};

class TelnetServer {
 public:
  TelnetServer(int socket, WorkloadSpec spec) : socket_(socket), spec_(std::move(spec)) {}

  /// Greets and serves until Ctrl-D.
  Result<> warm_up();
  Result<EndResult> measure();

 private:
  Result<> serve();

  int socket_;
  WorkloadSpec spec_;
  telnet::Session session_;
  bool is_left_ = false;  ///< The client is gone.
};

Result<EndResult> run_telnet_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_telnet_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
