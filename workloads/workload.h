#pragma once

#include <string_view>
#include <vector>

#include "base/child_process.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "workloads/end_result.h"
#include "workloads/server_sockets.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// One end of a workload in a process of its own, seen from the harness.
///
/// Barrier-and-result protocol, a line each way at a time, the worker's being JSON:
///
///     worker {"state": "up", ...identity}   connected, nothing sent yet; "others": its other threads
///     harness "heard"                       both ends are up
///     harness "warm-up"                     worker {"state": "warm"}
///     harness "heard"                       both ends are warm
///     harness "measure"                     worker {"state": "measured"}
///     harness "heard"                       both ends have measured, and the client tells it no more before the server
///                                           hears this; worker {"state": "done", ...EndResult}
///     harness closes the pipe: the worker exits, outside of what was recorded
///
/// instead of any state: {"state": "failed", "message"}. What "heard" is for: over UDP the datagram that tells the
/// server that the client is there, has warmed up, has measured, may be lost, and the client sends it until then.
class Worker {
 public:
  Worker(ChildProcess process, UniqueFd commands, LineReader answers)
      : process_(std::move(process)), commands_(std::move(commands)), answers_(std::move(answers)) {}

  /// Runs one end. The server serves the sockets; the client connects to their ports.
  static Result<Worker> start(Role role, const WorkloadSpec& spec, ServerSockets& sockets);

  [[nodiscard]] pid_t pid() const { return process_.pid(); }
  [[nodiscard]] const EndIdentity& identity() const { return identity_; }
  /// All threads of this end, that of its identity first.
  [[nodiscard]] const std::vector<pid_t>& tids() const { return tids_; }

  Result<> wait_until_up(const WaitLimits& limits);
  Result<> command(std::string_view command);
  /// Until it says "warm" or "measured".
  Result<> wait_until(std::string_view state, const WaitLimits& limits);
  /// Until it, the server, says something. The client, who said it before and waits, says meanwhile only why it gives
  /// up: if it cannot reach the server, the server waits in vain and only the client knows why.
  Result<> wait_before(Worker& client, const WaitLimits& limits) const;
  Result<EndResult> wait_for_result(const WaitLimits& limits);
  Result<> finish(const WaitLimits& limits);

 private:
  ChildProcess process_;
  UniqueFd commands_;
  LineReader answers_;
  EndIdentity identity_;
  std::vector<pid_t> tids_;
};

/// Both ends of one run, from their start to their results. Destroying it ends the processes.
class Workload {
 public:
  /// Starts server and client and returns when they are connected and paused. kEnvironment if that cannot be (port
  /// taken, CPU not allowed); kInterrupted.
  static Result<Workload> start(const WorkloadSpec& spec, const WaitLimits& limits);

  [[nodiscard]] const Worker& client() const { return client_; }
  [[nodiscard]] const Worker& server() const { return server_; }
  /// All threads of both ends, the client's first.
  [[nodiscard]] std::vector<pid_t> tids() const;

  /// Runs the warm-up; both ends are paused again afterwards.
  Result<> warm_up(const WaitLimits& limits);

  struct Results {
    EndResult client;
    EndResult server;
  };
  /// Releases both ends and waits for their results; the processes stay, paused.
  Result<Results> measure(const WaitLimits& limits);

  /// Lets both processes exit.
  Result<> finish(const WaitLimits& limits);

 private:
  Workload(Worker server, Worker client) : server_(std::move(server)), client_(std::move(client)) {}

  Result<> command_both(std::string_view command);
  Result<> wait_until_both_are(std::string_view state, const WaitLimits& limits);

  Worker server_;
  Worker client_;
};

}  // namespace sockscope
