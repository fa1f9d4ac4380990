#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.h"
#include "workloads/barrier.h"
#include "workloads/end_result.h"
#include "workloads/server_sockets.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// What an option of the command line belongs to; an option that a workload does not take is refused.
struct WorkloadTakes {
  bool size = true;
  bool count = true;
  bool flows = false;  ///< --flows, --threads, --poll, --pattern
  bool rate = false;
  bool file = false;
  bool ports = false;
};

/// How far the trace of a workload is followed.
enum class Followed {
  kFlow,      ///< One flow, known beforehand, from request to answer: the stages of round trips.
  kMessages,  ///< Sockets as they come and go, and each message from its send to its receive.
  kPackets,   ///< The same sockets; their packets and calls are counted, their messages are not told apart.
};

/// A workload: its name, and what each of its ends runs in a process of its own.
struct WorkloadRow {
  /// Takes the end through the barrier up to its result. The server may use the sockets; the client has to close them,
  /// so that its connections are refused once the server is gone.
  using End = Result<EndResult> (*)(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
  using Open = Result<ServerSockets> (*)(const WorkloadSpec& spec);

  WorkloadKind kind = WorkloadKind::kEcho;
  std::string_view name;
  std::string_view unit;  ///< What --count counts, in the plural: "round trips".
  std::string_view what;  ///< For --help.
  End client = nullptr;
  End server = nullptr;
  Open open = nullptr;
  WorkloadTakes takes{};
  std::uint32_t least_size = 1;  ///< Bytes that a message needs to hold what the workload writes into it.
  std::uint64_t default_count = 10'000;
  std::uint64_t quick_count = 5'000;
  unsigned default_rounds = 5;  ///< Pairs of runs: many short ones tell more than a few long ones.
  unsigned quick_rounds = 1;
  double default_rate = 1'000;
  Followed followed = Followed::kMessages;
};

/// Those that a user may choose.
[[nodiscard]] std::span<const WorkloadRow> workload_table();
/// The row's, unless the options of the run say otherwise.
[[nodiscard]] Followed followed(const WorkloadSpec& spec);
/// How many round trips of the size of a message one of what --count counts comes to: what a trace of it has to hold.
[[nodiscard]] std::uint64_t round_trips_of_a_unit(const WorkloadSpec& spec);
/// That of the calibration as well.
[[nodiscard]] const WorkloadRow& row_of(WorkloadKind kind);
/// Null if the table has none of that name.
[[nodiscard]] const WorkloadRow* find_workload(std::string_view name);

}  // namespace sockscope
