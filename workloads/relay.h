#pragma once

#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "workloads/barrier.h"
#include "workloads/echo.h"
#include "workloads/measured_part.h"
#include "workloads/server_sockets.h"
#include "workloads/thread_team.h"

/// What a simple proxy between client and server adds: the client has two ping-pongs, one direct and one through the
/// proxy, and sends on either in turn, so that whatever happens to the machine happens to both.
namespace sockscope {

/// Passes on what comes at either socket to the other one, as netcat in a pipe would: poll, receive, send. The end of
/// one direction (of the stream, or an empty datagram) is passed on too; with the server's it is done.
class Proxy {
 public:
  Proxy(int client, int server, const WorkloadSpec& spec)
      : client_(client), server_(server), spec_(spec), buffer_(spec.size), forward_(spec) {}

  /// Until the server's end. Only what comes after the warm-up is measured.
  Result<> run();

  /// Times from behind a receive to behind the send, and the thread's resource usage.
  [[nodiscard]] EndResult result() &&;

 private:
  enum class Passed { kData, kEnd };
  Result<Passed> pass(int from, int to);
  [[nodiscard]] Result<> pass_end(int to) const;

  int client_;
  int server_;
  WorkloadSpec spec_;
  std::vector<std::byte> buffer_;
  Samples forward_;
  std::optional<MeasuredPart> part_;
  EndResult usage_;
};

class RelayClient {
 public:
  RelayClient(int direct, int relayed, const WorkloadSpec& spec)
      : spec_(spec), socket_(direct), direct_(direct, spec), relayed_(relayed, spec) {}

  Result<> warm_up();
  Result<EndResult> measure();

 private:
  WorkloadSpec spec_;
  int socket_;
  EchoClient direct_;
  EchoClient relayed_;
};

/// Direct, in front of the proxy, behind the proxy.
Result<ServerSockets> open_relay_sockets(const WorkloadSpec& spec);
Result<EndResult> run_relay_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_relay_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
