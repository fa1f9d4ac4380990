#pragma once

#include <cstdint>
#include <utility>

#include "base/error.h"
#include "workloads/barrier.h"
#include "workloads/end_result.h"
#include "workloads/server_sockets.h"
#include "workloads/workload_spec.h"

/// What a round trip costs without sockets: two processes hand a token back and forth through two eventfds, each of
/// them in read(2) while the other one has it. It is the echo's loop and clock with nothing but system calls, wake-ups
/// and context switches in it: what these cost more on a slow machine, or in a slow minute, the echo costs more too.
namespace sockscope {

/// The two ends of the way that a token goes. It stays the caller's.
struct TokenPath {
  int to_server = -1;
  int to_client = -1;
};

/// An eventfd hands over its value; the token's says what it is for. Each is handed back before the next one comes,
/// since an eventfd adds up what is written to it; but for the end's, which nothing follows.
enum class Token : std::uint64_t { kRoundTrip = 1, kEndOfWarmUp, kEnd };

class CalibrationClient {
 public:
  CalibrationClient(TokenPath path, WorkloadSpec spec) : path_(path), spec_(std::move(spec)) {}

  Result<> warm_up();
  /// Between two clock readings there is one write and one read.
  Result<EndResult> measure();

 private:
  [[nodiscard]] Result<> round_trip(Token token) const;

  TokenPath path_;
  WorkloadSpec spec_;
};

class CalibrationServer {
 public:
  explicit CalibrationServer(TokenPath path) : path_(path) {}

  Result<> warm_up();
  Result<EndResult> measure();

 private:
  [[nodiscard]] Result<std::uint64_t> hand_back_until(Token last) const;

  TokenPath path_;
};

/// The two eventfds, which both ends inherit.
Result<ServerSockets> open_token_path(const WorkloadSpec& spec);

/// The row of the workload table.
Result<EndResult> run_calibration_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_calibration_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
