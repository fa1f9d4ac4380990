#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/event_set.h"

namespace sockscope {

/// One perf.data to be recorded.
struct RecordSpec {
  std::filesystem::path output;
  std::vector<EventChoice> events;
  std::vector<pid_t> tids;       ///< The threads whose events are kept; empty: everybody's but perf's own.
  std::vector<int> cpus;         ///< Where these threads are pinned: the only CPUs recorded. Empty: all.
  std::size_t buffer_bytes = 0;  ///< Ring buffer per CPU: for perf a power of two.
  bool with_switches = true;     ///< PERF_RECORD_SWITCH too; perf always records it.
  bool with_stacks = false;      ///< The kernel's call chain to each event; perf alone can.
  int control_fd = -1;           ///< perf reads "enable", "disable", "stop" here ...
  int acknowledge_fd = -1;       ///< ... and answers "ack" here.
};

/// The whole command line of `perf record`. Pure: what it says depends on the spec alone.
std::vector<std::string> perf_record_command(const RecordSpec& spec);

/// A buffer that holds all events of a round in less than half of itself, so that perf, which is woken at half, sleeps
/// until the end. `message_bytes` matters because large messages take several segments, `with_stacks` because a call
/// chain is longer than the event it is of.
std::size_t buffer_bytes_for(std::uint64_t round_trips, std::uint32_t message_bytes, bool with_stacks = false);

/// perf's stderr and exit status in one sentence with the fix.
std::string explain_perf_failure(int status, std::string_view stderr_text);

}  // namespace sockscope
