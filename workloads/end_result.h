#pragma once

#include <sys/types.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/histogram.h"
#include "base/measurements.h"

namespace sockscope {

enum class Role { kClient, kServer };

/// "client" or "server".
[[nodiscard]] constexpr std::string_view name_of(Role role) { return role == Role::kClient ? "client" : "server"; }

/// Where a trace finds one end: the thread that does its system calls and the descriptor of its socket.
struct EndIdentity {
  Role role = Role::kClient;
  pid_t tid = 0;
  int fd = -1;
};

/// What getrusage(2) says of a thread (RUSAGE_THREAD), as the difference over its measured part.
struct ResourceUsage {
  std::uint64_t voluntary_switches = 0;    ///< ru_nvcsw
  std::uint64_t involuntary_switches = 0;  ///< ru_nivcsw
  std::uint64_t user_us = 0;               ///< ru_utime
  std::uint64_t system_us = 0;             ///< ru_stime
};

/// What one end has to say of its measured part: from start_ns to end_ns of CLOCK_MONOTONIC, warm-up excluded.
struct EndResult {
  EndIdentity identity;
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;
  std::uint64_t round_trips = 0;  ///< Answered requests: received (client) or echoed (server).
  std::uint64_t lost = 0;         ///< Requests given up after the receive time-out (client).
  Histogram rtt;                  ///< Nanoseconds from before a send to after its answer's receive (client).
  ResourceUsage usage;
  Measurements measured;  ///< What the workload measures beside round trips.
  /// Its socket's options, as they are in effect: name and the kernel's value (options_in_effect()).
  std::vector<std::pair<std::string, std::string>> socket;
  /// Each time by itself, with its name; only where raw samples were asked for. Stays in the process: not in the JSON.
  std::vector<std::pair<std::string, std::vector<std::uint64_t>>> raw{};
};

/// JSON as it stands in run.json and on the result pipe.
nlohmann::ordered_json to_json(const Histogram& histogram);
nlohmann::ordered_json to_json(const Measurements& measured);
nlohmann::ordered_json to_json(const EndResult& result);
/// kInput, naming the key, if something is missing or of the wrong type.
Result<Histogram> histogram_from_json(const nlohmann::ordered_json& json);
Result<EndResult> end_result_from_json(const nlohmann::ordered_json& json);

}  // namespace sockscope
