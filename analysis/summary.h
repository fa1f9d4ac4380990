#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/central_round_trips.h"
#include "analysis/device_times.h"
#include "analysis/probe_effect.h"
#include "analysis/run_conditions.h"
#include "analysis/run_figures.h"
#include "analysis/stage.h"
#include "analysis/variant.h"
#include "analysis/variant_comparison.h"
#include "base/histogram.h"
#include "base/measurements.h"
#include "base/protocol.h"

/// What a run comes down to: the numbers that every reporter prints. Passive data, no invariants; all times are
/// nanoseconds.
namespace sockscope {

/// Context switches away from a thread, as getrusage(2) counts them: voluntary (ru_nvcsw, the thread blocked) and
/// involuntary (ru_nivcsw, it was preempted or its time was up).
struct SwitchCounts {
  std::uint64_t voluntary = 0;
  std::uint64_t involuntary = 0;

  SwitchCounts& operator+=(const SwitchCounts& other) {
    voluntary += other.voluntary;
    involuntary += other.involuntary;
    return *this;
  }
  [[nodiscard]] std::uint64_t total() const { return voluntary + involuntary; }
};

struct StageSummary {
  Direction direction = Direction::kRequest;
  Stage stage = Stage::kSend;
  Histogram durations{};     ///< Of the messages that have the stage.
  std::uint64_t absent = 0;  ///< Messages without it: the receiver had not blocked, or the kernel lacks the event.
};

/// Events between the first request's send and the last response's receive, of both ends together.
struct PathCounts {
  std::uint64_t round_trips = 0;
  std::uint64_t syscalls = 0;          ///< raw_syscalls:sys_enter of both ends
  std::uint64_t skbs = 0;              ///< net:net_dev_queue
  std::uint64_t softirqs = 0;          ///< irq:softirq_entry of NET_RX
  std::uint64_t context_switches = 0;  ///< switches away from either end
  std::uint64_t wakeups = 0;           ///< sched:sched_waking of either end

  PathCounts& operator+=(const PathCounts& other);
  /// A count per round trip; 0 without round trips.
  [[nodiscard]] double per_round_trip(std::uint64_t count) const {
    return round_trips == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(round_trips);
  }
};

/// Packets that the kernel threw away instead of delivering them, by its own reason: enum skb_drop_reason as the
/// recording's format names it ("SOCKET_RCVBUFF"), or its number.
using DropReasons = std::map<std::string, std::uint64_t, std::less<>>;

/// What one protocol took in a session of programs, from their first socket to their end; of the whole processes that
/// used a socket of it.
struct SessionTotals {
  std::uint64_t sockets = 0;               ///< Made by socket(2) and accept(2).
  std::uint64_t skbs = 0;                  ///< net:net_dev_queue: data, ACKs, SYN, FIN, ICMP errors.
  std::uint64_t data_skbs = 0;             ///< Those of them that carry data.
  std::uint64_t data_skb_bytes = 0;        ///< Of these, with all headers.
  std::uint64_t copies = 0;                ///< Receives of data: skbs that they copied out of, at least one each.
  std::uint64_t receive_queue_drops = 0;   ///< udp:udp_fail_queue_rcv_skb
  std::uint64_t socket_state_changes = 0;  ///< sock:inet_sock_set_state
  std::uint64_t syscalls = 0;              ///< raw_syscalls:sys_enter, from each process' first socket on ...
  std::uint64_t syscalls_before = 0;       ///< ... and before that: loading the program.
  std::uint64_t context_switches = 0;      ///< Away from one of their threads.
  std::uint64_t wakeups = 0;
  std::uint64_t softirqs = 0;  ///< irq:softirq_entry of NET_RX that delivered one of the skbs, in whatever thread.
  DropReasons drops;           ///< skb:kfree_skb while one of the skbs was delivered.

  SessionTotals& operator+=(const SessionTotals& other);
};

/// One end of the connection as the trace's scheduler events show it.
struct ThreadSummary {
  std::string comm;
  SwitchCounts traced;                    ///< From sched:sched_switch, within the end's own window.
  std::optional<SwitchCounts> getrusage;  ///< The end's own count over the same window; absent in foreign recordings.
  std::uint64_t running_ns = 0;           ///< On a CPU.
  std::uint64_t runnable_ns = 0;          ///< Woken or preempted, waiting for a CPU.
  std::uint64_t sleeping_ns = 0;          ///< Blocked.
  std::uint64_t migrations = 0;
  Histogram sch_delay;  ///< Woken to running, as perf sched timehist has it (sched_waking to switch-in).

  /// Adds another run, or another thread, of the same end.
  ThreadSummary& operator+=(const ThreadSummary& other);
};

struct UntracedSummary {
  Histogram rtt;           ///< The workload's own clock, CLOCK_MONOTONIC.
  std::uint64_t lost = 0;  ///< Round trips given up after the receive time-out.
  SwitchCounts client;     ///< getrusage
  SwitchCounts server;
  /// libperf software counters of both ends together: "context-switches", "cpu-migrations", "task-clock" (ns),
  /// "page-faults". A counter that this user may not read is missing.
  std::vector<std::pair<std::string, std::uint64_t>> counters;
  std::uint64_t counted = 0;      ///< Round trips, or units, that the counters saw: in runs of their own, not in rtt.
  Measurements measured;          ///< What the workload measures beside round trips.
  std::uint64_t measured_ns = 0;  ///< How long the client measured, all runs together.
  /// The options of each end's socket as they were in effect: name and the kernel's value. Those of the last run.
  std::vector<std::pair<std::string, std::string>> client_socket;
  std::vector<std::pair<std::string, std::string>> server_socket;
};

struct TracedSummary {
  Histogram rtt;  ///< From the trace: the client's send entry to its receive exit.
  /// From the trace: the client's send entry to its next send entry. A closed loop reads its clock once in between, so
  /// this is what its clock must say; rtt lacks the way out of the kernel and back into it.
  Histogram period;
  Histogram request_one_way;   ///< Of the round trips in rtt: the client's send entry to the server's receive exit,
  Histogram response_one_way;  ///< and the server's send entry to the client's receive exit.
  Histogram workload_rtt;      ///< The workload's own clock in the same rounds; empty for foreign recordings.
  std::uint64_t lost = 0;      ///< Round trips given up after the receive time-out.
  std::uint64_t messages = 0;  ///< Sent: requests and responses.
  std::uint64_t matched = 0;   ///< Followed from send to receive without a gap.
  bool is_followed = true;     ///< Messages are followed; else they are counted alone, and matched means nothing.
  PathCounts counts;
  std::optional<SessionTotals> session;  ///< Of programs, and of workloads that are followed as programs are.
  std::string unit;                      ///< What session is divided by, as Measurements; empty for programs.
  std::uint64_t units = 0;
  /// In path order: request, turn-around, response. Without a single round trip, those of the messages that had no
  /// answer, by direction; request_one_way and response_one_way are theirs then, too.
  std::vector<StageSummary> stages;
  DeviceTimes devices;        ///< Of the same messages as the stages.
  CentralRoundTrips central;  ///< Their parts with the events in each, of round trips of which the one before is known.
  ThreadSummary client;
  ThreadSummary server;

  /// Adds another run of the same workload; its stages are the same ones in the same order.
  TracedSummary& operator+=(const TracedSummary& other);
};

struct VariantSummary {
  Variant variant;
  std::optional<UntracedSummary> untraced;
  std::optional<TracedSummary> traced;
  std::vector<RunFigures> runs{};             ///< Each by itself, in the order they were made.
  std::optional<ProbeEffect> probe_effect{};  ///< Absent unless runs with nested event sets say what an event costs.

  /// Traced over untraced median of the workload's clock; absent unless both were measured.
  [[nodiscard]] std::optional<double> tracing_cost() const;
};

/// Groups of traced figures, as far as a law can vouch for them.
enum class Figures { kAllTraced, kRoundTripTimes, kCounts, kStages, kThreads };

/// A conservation law checked on this run (docs/architecture.md lists them). Reports mark the figures that depend on a
/// law that fails.
struct Law {
  std::string name;  ///< "tcp: skbs queued = transmitted = received"
  bool holds = false;
  std::string detail;   ///< The numbers of both sides.
  std::string variant;  ///< The key of the variant whose figures depend on it; empty: every variant's.
  Figures concerns = Figures::kAllTraced;  ///< Which of them do.
};

struct DataQuality {
  std::uint64_t lost_events = 0;         ///< Dropped by the kernel because a ring buffer was full.
  std::uint64_t undecoded_events = 0;    ///< Samples whose format was missing or too short for its fields.
  std::uint64_t unmatched_messages = 0;  ///< Messages whose path has a gap.
  std::uint64_t unmatched_wakeups = 0;   ///< Wakings of an end that were not seen to bring it onto a CPU.
  std::uint64_t out_of_order_records = 0;
  std::uint64_t skipped_records = 0;  ///< Of a type that this version does not know.
  bool truncated = false;             ///< The recording ends within a record.
  /// Switch-ins that only PERF_RECORD_SWITCH showed, because the idle task of that CPU is invisible to sched_switch.
  std::uint64_t switch_ins_from_records = 0;
  std::uint64_t switch_ins = 0;  ///< All switch-ins of the ends, from either source.

  DataQuality& operator+=(const DataQuality& other);
  /// True when percentiles and counts can be taken at their word.
  [[nodiscard]] bool complete() const { return lost_events == 0 && undecoded_events == 0 && !truncated; }
};

/// A pair of runs that something else disturbed.
struct DisturbedPair {
  unsigned round = 1;
  Watched watched = Watched::kUntraced;
  std::vector<Contamination> by;
  bool is_repeated = false;  ///< Measured again; else it is in the figures as it was.
};

/// An ordered list of named facts ("kernel" -> "6.18.44").
using Facts = std::vector<std::pair<std::string, std::string>>;

/// Something that this run could not measure, and the exact command that would enable it.
struct Missing {
  std::string what;
  std::string fix;
};

/// A program that was recorded, and how it ended.
struct RecordedProgram {
  std::string role;  ///< "server", "client", "program"
  std::string command;
  std::int32_t pid = 0;
  int status = 0;  ///< Its exit status, or 128 + the signal that ended it, as a shell has it.
};

struct Summary {
  enum class Kind { kCompare, kReport };
  Kind kind = Kind::kReport;
  /// "traced", "untraced-only", "programs" (somebody's own) or "recording" (a perf.data that no run describes).
  std::string mode;
  std::string title;  ///< What was measured how, in one line: "echo 64 B, both ends on CPU 0, 5 rounds x 10000"
  Facts environment;
  Facts plan;
  std::vector<RecordedProgram> programs;
  std::vector<VariantSummary> variants;         ///< TCP before UDP, A before B; only those measured.
  std::optional<VariantSummary> calibration;    ///< The loop without sockets, if the plan had one.
  std::optional<VariantComparison> comparison;  ///< Of the two variants of a compare.
  std::vector<Law> laws;
  DataQuality data_quality;
  std::vector<DisturbedPair> disturbed;  ///< In the order of the runs, a pair as often as it was measured.
  std::vector<Missing> missing;
  bool interrupted = false;  ///< The user stopped the run; only finished rounds are in it.
};

}  // namespace sockscope
