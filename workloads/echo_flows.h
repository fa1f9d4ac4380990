#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "workloads/barrier.h"
#include "workloads/end_result.h"
#include "workloads/flow_waiter.h"
#include "workloads/samples.h"
#include "workloads/server_sockets.h"
#include "workloads/thread_team.h"
#include "workloads/workload_spec.h"

/// The ping-pong over several sockets, by one thread or several: each flow has one request on its way at a time. The
/// messages are those of workloads/echo.h, of which only the first byte says anything, so that no flow needs a buffer.
namespace sockscope {

/// One socket and how much of its message has come in.
struct EchoFlow {
  int socket = -1;
  std::uint64_t sent_ns = 0;   ///< Client: when the request went, which is on its way if is_waiting.
  std::uint32_t received = 0;  ///< Bytes of the message that is coming in ...
  std::byte mark{0};           ///< ... and its first byte.
  std::byte sequence{0};       ///< Client: that of the request.
  bool is_waiting = false;
  bool is_over = false;  ///< Server: the client has ended it.
};

/// The flows of one client thread.
class EchoFlowsClient {
 public:
  static Result<EchoFlowsClient> make(const WorkloadSpec& spec, std::vector<int> sockets);

  Result<> warm_up(std::uint64_t count);
  Result<EndResult> measure(std::uint64_t count);
  Result<> tell_over(Phase phase);

 private:
  EchoFlowsClient(const WorkloadSpec& spec, FlowWaiter waiter)
      : spec_(spec), waiter_(std::move(waiter)), message_(spec.size) {}

  Result<> exchange(std::uint64_t count, std::uint64_t deadline_ns, Samples& rtt, std::uint64_t& lost);
  Result<> request(EchoFlow& flow, std::byte mark);
  std::byte next_mark();
  Result<bool> answered(EchoFlow& flow);
  std::uint64_t give_up_overdue();
  Result<> end_warm_up();

  WorkloadSpec spec_;
  FlowWaiter waiter_;
  std::vector<std::byte> message_;
  std::vector<EchoFlow> flows_;
  std::uint8_t next_sequence_ = 0;
};

/// The flows of one server thread.
class EchoFlowsServer {
 public:
  static Result<EchoFlowsServer> make(const WorkloadSpec& spec, std::vector<int> sockets);

  /// Until the message that ends the warm-up has come in every flow.
  Result<> warm_up();
  /// Until every client has ended its flow.
  Result<EndResult> measure();

 private:
  EchoFlowsServer(const WorkloadSpec& spec, FlowWaiter waiter)
      : spec_(spec), waiter_(std::move(waiter)), message_(spec.size) {}

  Result<bool> came_whole(std::size_t index);

  WorkloadSpec spec_;
  FlowWaiter waiter_;
  std::vector<std::byte> message_;
  std::vector<EchoFlow> flows_;
  std::size_t over_ = 0;
};

/// All threads of one end, with their sockets.
template <class Flows>
class EchoFlowsEnd {
 public:
  EchoFlowsEnd(const WorkloadSpec& spec, std::vector<UniqueFd> sockets)
      : spec_(spec), sockets_(std::move(sockets)), team_(spec.threads) {}

  Result<> prepare();
  [[nodiscard]] const std::vector<pid_t>& others() const { return team_.others(); }
  [[nodiscard]] int first_socket() const { return sockets_.front().get(); }

  Result<> warm_up();
  Result<EndResult> measure();
  Result<> tell_over(Phase phase);

 private:
  WorkloadSpec spec_;
  std::vector<UniqueFd> sockets_;
  ThreadTeam team_;
  std::vector<Flows> members_;
};

/// TCP: one socket for all; UDP: one a flow, at ports that follow each other if the spec names one.
Result<ServerSockets> open_echo_sockets(const WorkloadSpec& spec);

Result<EndResult> run_flows_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_flows_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
