#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/event.h"
#include "analysis/exchange.h"
#include "analysis/stage.h"

namespace sockscope {

/// Why a message came no further during a part of its way, as far as a trace knows it.
enum class PathCause : std::uint8_t {
  kRunning,         ///< `who` ran on a CPU, at what the stage says: in a system call, or in a softirq that it carried.
  kOtherTask,       ///< `task` was woken, and `who` had the CPU.
  kPreempted,       ///< `task` was runnable, and `who` had the CPU that it was taken off.
  kIdleCpu,         ///< `task` was woken, and its CPU was idle: it took so long to wake up.
  kUnknownTask,     ///< `task` was runnable; the recording has not got who had the CPU.
  kBlocked,         ///< `task` gave the CPU up itself, outside of its receive call: it slept, or waited for another.
  kSendBufferFull,  ///< `task` gave the CPU up in its send call: the socket had no room.
  kReceiverAway,    ///< The message lay in the socket's buffer while `task`, its receiver, ran something else.
  kSoftirqDelayed,  ///< The packet lay in the CPU's backlog until the NET_RX softirq began.
  kKsoftirqd,       ///< The softirq was left to `who`, which is ksoftirqd of that CPU or some other task.
  kSocketInUse,     ///< The segment met a socket in use: it waited until `task`, the socket's user, let go of it.
  kDelayedAck,      ///< Nagle's algorithm held the small segment back, and the acknowledgement was delayed.
  kNagle,           ///< Nagle's algorithm held the small segment back until an acknowledgement came.
  kWindow,          ///< The segment waited for acknowledgements of those before it: a full window.
  kRetransmit,      ///< A segment was lost, and sent again.
};

/// "running", "other-task", "preempted", "idle-cpu", "unknown-task", "blocked", "send-buffer-full", "receiver-away",
/// "softirq-delayed", "ksoftirqd", "socket-in-use", "delayed-ack", "nagle", "window", "retransmit".
std::string_view name_of(PathCause cause);

/// A part of the critical path of an exchange: one stage is one or several of them.
struct PathSegment {
  std::uint64_t from_ns = 0;
  std::uint64_t to_ns = 0;
  Direction direction = Direction::kRequest;
  Stage stage = Stage::kSend;
  PathCause cause = PathCause::kRunning;
  std::int32_t task = 0;             ///< The end whose turn it was: sender or receiver.
  std::int32_t who = 0;              ///< Who ran, where the cause names one; 0 is the idle task.
  std::optional<std::uint32_t> cpu;  ///< Where, if an event says so.
  /// False: who it was, or since when, follows only from what came before and after. The recording has not got every
  /// switch of that CPU.
  bool is_certain = true;
  bool is_migrated = false;  ///< `task` was moved to another CPU within it.

  [[nodiscard]] std::uint64_t duration_ns() const { return to_ns - from_ns; }
};

/// An exchange, what the recording has of the time that it took, and what follows from it.
struct ExchangeStory {
  Exchange exchange;
  std::string variant;  ///< Its key ("tcp", "a"); without a run, its protocol's name.
  unsigned round = 0;   ///< Of the run; 0 without one.

  /// In time order: before begin_ns() the last switch on each CPU and the last call of either end, as far as there were
  /// any, and then the events until end_ns(); of threads that are neither end without their system calls. Their texts
  /// (SchedSwitch::prev_comm, SkbDrop::reason) are empty: names has them.
  std::vector<Event> events;
  /// More events than are kept: so many are missing, later than gap_from_ns and before gap_to_ns, the first of them
  /// before the event that stands at left_out_at. In the gap there is what concerns the ends, as far as that is not too
  /// much.
  std::uint64_t events_left_out = 0;
  /// So many more were known when the path was found, and were taken out after that, at left_out_at as well.
  std::uint64_t events_taken_out = 0;
  std::size_t left_out_at = 0;
  std::uint64_t gap_from_ns = 0;
  std::uint64_t gap_to_ns = 0;
  /// Of the ends and of the threads in the events and in the segments, as far as the recording has them.
  std::map<std::int32_t, std::string> names;

  /// The critical path: they meet, begin at begin_ns() and end at end_ns(), none is empty, so that together they are
  /// the exchange's time to the nanosecond.
  std::vector<PathSegment> segments;
  /// Where the time was lost: of the stage that is the longest against the same stage of the median exchange (the
  /// longest of all, unless the exchange took twice as long as that) the cause that took most of it, of that who did,
  /// and of that the longest segment. An index of segments.
  std::size_t culprit = 0;

  [[nodiscard]] std::uint64_t duration_ns() const { return exchange.end_ns() - exchange.begin_ns(); }
};

/// The critical path of the exchange by its events.
std::vector<PathSegment> critical_path(const ExchangeStory& story);

/// The culprit of a path, against that of the median exchange; against nothing if that is empty.
std::size_t culprit_of(const std::vector<PathSegment>& path, const std::vector<PathSegment>& median);

}  // namespace sockscope
