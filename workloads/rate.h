#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "workloads/barrier.h"
#include "workloads/measured_part.h"
#include "workloads/pacer.h"
#include "workloads/sequence_check.h"
#include "workloads/server_sockets.h"

/// An open loop: requests go at their times, whether or not earlier ones were answered, and a round trip counts from
/// the time at which its request was to go. So a stall shows in every request that it delayed, and not in one of them
/// ("coordinated omission"). The server is that of echo.
namespace sockscope {

class RateClient {
 public:
  RateClient(int socket, const WorkloadSpec& spec)
      : socket_(socket), spec_(spec), request_(spec.size), answer_(spec.size) {}

  Result<> warm_up();
  Result<EndResult> measure();
  [[nodiscard]] Result<> tell_over(Phase phase) const;

 private:
  struct Times;

  Result<> send_due(Times& times, std::uint64_t now);
  Result<bool> go_on_sending();
  Result<> receive_all(Times& times);
  void wait(const Times& times) const;

  int socket_;
  WorkloadSpec spec_;
  std::vector<std::byte> request_;
  std::vector<std::byte> answer_;
  std::size_t unsent_ = 0;    // bytes of a request that the socket had no room for
  std::size_t received_ = 0;  // of an answer that is coming in
};

Result<EndResult> run_rate_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
