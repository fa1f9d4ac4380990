#pragma once

#include <sys/socket.h>

#include <thread>
#include <utility>

#include "base/error.h"
#include "tests/workloads/connected_ends.h"
#include "workloads/end_result.h"
#include "workloads/receive_timer.h"
#include "workloads/workload_spec.h"

namespace sockscope {

struct BothResults {
  Result<EndResult> client;
  Result<EndResult> server;
};

/// One end, through its warm-up to its result.
template <class End>
Result<EndResult> run_end(End& end) {
  if (auto warm = end.warm_up(); !warm) return pass_on(warm);
  return end.measure();
}

/// Both ends of a workload over a pair of connected sockets, the server in a thread of its own.
template <class Client, class Server>
BothResults run_both_ends(const WorkloadSpec& spec) {
  const ConnectedEnds ends(spec.protocol);
  BothResults results;
  {
    const std::jthread thread([&] {
      Server server(ends.server.get(), spec);
      results.server = run_end(server);
    });
    Client client(ends.client.get(), spec);
    results.client = run_end(client);
    // A server whose client failed would wait for ever.
    if (!results.client) shutdown(ends.server.get(), SHUT_RDWR);
  }
  return results;
}

}  // namespace sockscope
