#pragma once

#include <sys/socket.h>

#include <chrono>
#include <semaphore>
#include <thread>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "tests/workloads/connected_ends.h"
#include "workloads/end_result.h"
#include "workloads/phase.h"
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

/// What the harness is to a client that is through a phase: says so again until the server is through it as well.
template <class Client>
void wait_until_heard(std::binary_semaphore& heard, const WorkloadSpec& spec, Client& client, Phase phase) {
  while (!heard.try_acquire_for(std::chrono::milliseconds{50})) {
    if (spec.protocol == Protocol::kUdp) std::ignore = client.tell_over(phase);
  }
}

template <class End>
void complete(End& end, Result<EndResult>& result) {
  if constexpr (requires { end.complete(*result); }) {
    if (result) end.complete(*result);
  }
}

/// Both ends of a workload over a pair of connected sockets, the server in a thread of its own.
template <class Client, class Server>
BothResults run_both_ends(const WorkloadSpec& spec) {
  const ConnectedEnds ends(spec.protocol);
  BothResults results;
  {
    std::binary_semaphore is_warm(0);
    std::binary_semaphore has_measured(0);
    std::binary_semaphore is_told_no_more(0);
    const std::jthread thread([&] {
      Server server(ends.server.get(), spec);
      auto warm = server.warm_up();
      is_warm.release();
      results.server = warm ? server.measure() : pass_on(warm);
      has_measured.release();
      is_told_no_more.acquire();
      complete(server, results.server);
    });
    Client client(ends.client.get(), spec);
    if (auto warm = client.warm_up(); !warm) {
      results.client = pass_on(warm);
    } else {
      wait_until_heard(is_warm, spec, client, Phase::kWarmUp);
      results.client = client.measure();
      if (results.client) wait_until_heard(has_measured, spec, client, Phase::kMeasured);
      complete(client, results.client);
    }
    is_told_no_more.release();
    // A server whose client failed would wait for ever.
    if (!results.client) shutdown(ends.server.get(), SHUT_RDWR);
  }
  return results;
}

}  // namespace sockscope
