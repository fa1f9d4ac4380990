#include <algorithm>
#include <map>
#include <optional>
#include <span>

#include "analysis/cpu_occupancy.h"
#include "analysis/exchange_story.h"
#include "analysis/thread_absences.h"

namespace sockscope {
namespace {

/// Half of the shortest delay of an acknowledgement (TCP_DELACK_MIN, include/net/tcp.h: 40 ms since 2.6).
constexpr std::uint64_t kDelayedAckNs = 20'000'000;
/// A full segment of any Ethernet is longer. What is held back and longer was not held back for being small.
constexpr std::uint32_t kLongestSmallSegment = 1514;

/// A part of the path: of one stage.
struct Span {
  std::uint64_t from_ns = 0;
  std::uint64_t to_ns = 0;
};

/// What a thread's time is called while it has a CPU, and while it sleeps.
struct Causes {
  PathCause running = PathCause::kRunning;
  PathCause sleeping = PathCause::kBlocked;
};

class CriticalPath {
 public:
  explicit CriticalPath(const ExchangeStory& story)
      : story_(story), events_(story.events), occupancy_(events_, story.gap_from_ns, story.gap_to_ns) {}

  std::vector<PathSegment> build() {
    const Exchange& exchange = story_.exchange;
    if (exchange.request) add_message(Direction::kRequest, *exchange.request);
    if (exchange.is_round_trip()) {
      begin_stage(Direction::kServer, Stage::kTurnAround, exchange.server_tid);
      add_thread({exchange.request->exit_ns, exchange.response->enter_ns}, {});
    }
    if (exchange.response) add_message(Direction::kResponse, *exchange.response);
    return std::move(path_);
  }

 private:
  void begin_stage(Direction direction, Stage stage, std::int32_t task) {
    direction_ = direction;
    stage_ = stage;
    task_ = task;
  }

  void add_message(Direction direction, const MessagePath& path) {
    const bool is_request = direction == Direction::kRequest;
    const std::int32_t client = story_.exchange.client_tid;
    const std::int32_t server = story_.exchange.server_tid;
    const std::int32_t sender = is_request ? client : server;
    const std::int32_t receiver = is_request ? server : client;

    begin_stage(direction, Stage::kSend, sender);
    add_send(path, receiver);
    begin_stage(direction, Stage::kDevice, sender);
    add_context({path.queue_ns, path.rx_ns}, tid_at<NetDevQueue>(path.queue_ns).value_or(sender));
    begin_stage(direction, Stage::kBacklog, sender);
    add_backlog(path);
    const std::uint64_t found_ns = path.waking_ns != 0 ? path.waking_ns : path.ready_ns;
    std::uint64_t delivered_from = path.receive_ns;
    if (found_ns != 0) {
      begin_stage(direction, Stage::kReceive, receiver);
      if (path.waking_ns != 0 && !is_woken_by_message(path)) {
        add_receive({path.receive_ns, path.ready_ns}, false);
        add_thread({path.ready_ns, path.waking_ns}, {.running = PathCause::kReceiverAway});
      } else {
        add_receive({path.receive_ns, found_ns}, path.waking_ns != 0);
      }
      delivered_from = found_ns;
    }
    if (path.waking_ns != 0 && path.switch_ns != 0) {
      begin_stage(direction, Stage::kWakeUp, receiver);
      add_wake_up({path.waking_ns, path.switch_ns});
      delivered_from = path.switch_ns;
    }
    begin_stage(direction, Stage::kDeliver, receiver);
    add_deliver({delivered_from, path.exit_ns}, path.waking_ns != 0);
  }

  /// TCP may keep what it was given: then the call is over before the segment is queued.
  void add_send(const MessagePath& path, std::int32_t receiver) {
    const auto over = std::ranges::find_if(events_, [&](const Event& event) {
      return event.tid == task_ && event.time_ns > path.enter_ns && std::holds_alternative<SyscallExit>(event.body);
    });
    const bool is_held = over != events_.end() && over->time_ns < path.queue_ns;
    const std::uint64_t end_of_call = is_held ? over->time_ns : path.queue_ns;
    add_thread({path.enter_ns, end_of_call}, {.sleeping = PathCause::kSendBufferFull});
    if (is_held) add_held({end_of_call, path.queue_ns}, receiver);
  }

  void add_held(const Span& span, std::int32_t receiver) {
    if (has_retransmit(span)) return add(span, PathCause::kRetransmit);
    if (story_.exchange.protocol != Protocol::kTcp) return add(span, PathCause::kBlocked);
    const Event* const queued = find<NetDevQueue>(span.to_ns);
    if (queued != nullptr && std::get<NetDevQueue>(queued->body).len > kLongestSmallSegment) {
      return add(span, PathCause::kWindow);
    }
    const std::optional<std::uint64_t> acknowledged = last_bare_segment(span);
    const std::uint64_t sent = acknowledged.value_or(span.to_ns);
    if (sent - span.from_ns < kDelayedAckNs) {
      return add(span, PathCause::kNagle, {.who = receiver, .is_certain = acknowledged.has_value()});
    }
    add({span.from_ns, sent}, PathCause::kDelayedAck, {.who = receiver, .is_certain = acknowledged.has_value()});
    add({sent, span.to_ns}, PathCause::kNagle, {.who = receiver});
  }

  /// When the acknowledgement that let a segment go was queued: the latest one before.
  [[nodiscard]] std::optional<std::uint64_t> last_bare_segment(const Span& span) const {
    std::optional<std::uint64_t> latest;
    for (const Event& event : events_) {
      const auto* const queue = std::get_if<NetDevQueue>(&event.body);
      const bool is_within = event.time_ns >= span.from_ns && event.time_ns < span.to_ns;
      if (queue != nullptr && is_within && is_end(queue->device) && queue->len <= kLongestBareSegment) {
        latest = event.time_ns;
      }
    }
    return latest;
  }

  void add_backlog(const MessagePath& path) {
    const Span span{path.rx_ns, path.receive_ns};
    const std::int32_t by = tid_at<NetifReceiveSkb>(path.receive_ns).value_or(task_);
    const std::int32_t given_by = tid_at<NetifRx>(path.rx_ns).value_or(by);
    if (by != given_by)
      return add(span, PathCause::kKsoftirqd, {.who = by, .cpu = cpu_at<NetifReceiveSkb>(span.to_ns)});
    std::uint64_t began = span.from_ns;
    for (const Event& event : events_) {
      const bool is_within = event.time_ns >= span.from_ns && event.time_ns <= span.to_ns;
      if (is_within && event.tid == by && std::holds_alternative<NetRxSoftirq>(event.body)) began = event.time_ns;
    }
    add({span.from_ns, began}, PathCause::kSoftirqDelayed, {.who = by, .cpu = cpu_at<NetifRx>(span.from_ns)});
    add_context({began, span.to_ns}, by);
  }

  /// From the packet's arrival in a softirq to the event that says that it is at its socket.
  void add_receive(const Span& span, bool is_woken) {
    if (has_retransmit(span)) return add(span, PathCause::kRetransmit);
    const std::int32_t arrived = tid_at<NetifReceiveSkb>(span.from_ns).value_or(task_);
    const auto found = is_woken ? tid_at<SchedWaking>(span.to_ns) : tid_at<SkDataReady>(span.to_ns);
    if (found == task_ && arrived != task_) return add_thread(span, {.running = PathCause::kSocketInUse});
    add_context(span, arrived);
  }

  /// A receiver that slept elsewhere when the message came to its socket is woken later, and by something else.
  [[nodiscard]] bool is_woken_by_message(const MessagePath& path) const {
    if (path.ready_ns == 0 || path.ready_ns >= path.waking_ns) return true;
    const auto ready_in = tid_at<SkDataReady>(path.ready_ns);
    if (ready_in != tid_at<SchedWaking>(path.waking_ns)) return false;
    return std::ranges::none_of(events_, [&](const Event& event) {
      return event.tid == ready_in && event.time_ns > path.ready_ns && event.time_ns < path.waking_ns;
    });
  }

  void add_wake_up(const Span& span) {
    std::optional<std::uint32_t> cpu;
    bool is_migrated = false;
    for (const Event& event : events_) {
      const auto* const change = std::get_if<SchedSwitch>(&event.body);
      const auto* const in = std::get_if<SwitchIn>(&event.body);
      const auto* const migration = std::get_if<SchedMigrateTask>(&event.body);
      const bool is_it = (change != nullptr && change->next_pid == task_) || (in != nullptr && in->tid == task_);
      if (is_it && event.time_ns == span.to_ns) cpu = event.cpu;
      const bool is_within = event.time_ns >= span.from_ns && event.time_ns <= span.to_ns;
      if (migration != nullptr && migration->pid == task_ && is_within) is_migrated = true;
    }
    add_queueing(span, cpu, PathCause::kOtherTask, is_migrated);
  }

  void add_deliver(const Span& span, bool is_woken) {
    if (is_woken) return add_thread(span, {});
    std::uint64_t called = span.from_ns;
    for (const Event& event : events_) {
      const auto* const call = std::get_if<SyscallEnter>(&event.body);
      const bool is_it = call != nullptr && call->kind == SyscallKind::kReceive && event.tid == task_;
      if (is_it && event.time_ns > span.from_ns && event.time_ns < span.to_ns) called = event.time_ns;
    }
    add_thread({span.from_ns, called}, {.running = PathCause::kReceiverAway});
    add_thread({called, span.to_ns}, {});
  }

  /// What runs in a thread's context: its own call, or a softirq that interrupted it.
  void add_context(const Span& span, std::int32_t tid) {
    if (tid == task_) return add_thread(span, {});
    add(span, PathCause::kRunning, {.who = tid});
  }

  /// The time of `task_`: when it had a CPU, when it slept, and when it waited for one.
  void add_thread(const Span& span, const Causes& causes) {
    std::uint64_t from = span.from_ns;
    for (const Absence& absence : absences_of_task()) {
      if (absence.to_ns <= from || absence.from_ns >= span.to_ns) continue;
      add({from, std::max(from, absence.from_ns)}, causes.running, {.who = task_, .cpu = absence.from_cpu});
      const Span away{std::max(from, absence.from_ns), std::min(span.to_ns, absence.to_ns)};
      add_absence(away, absence, causes.sleeping);
      from = away.to_ns;
    }
    add({from, span.to_ns}, causes.running, {.who = task_});
  }

  void add_absence(const Span& span, const Absence& absence, PathCause sleeping) {
    const bool is_migrated = absence.migrated_ns != 0;
    if (absence.is_preempted) {
      const std::uint64_t moved = is_migrated ? std::clamp(absence.migrated_ns, span.from_ns, span.to_ns) : span.to_ns;
      add_queueing({span.from_ns, moved}, absence.from_cpu, PathCause::kPreempted, is_migrated);
      add_queueing({moved, span.to_ns}, absence.to_cpu, PathCause::kOtherTask, is_migrated);
      return;
    }
    const std::uint64_t woken =
        absence.woken_ns == 0 ? span.to_ns : std::clamp(absence.woken_ns, span.from_ns, span.to_ns);
    add({span.from_ns, woken}, sleeping);
    add_queueing({woken, span.to_ns}, absence.to_cpu, PathCause::kOtherTask, is_migrated);
  }

  /// `task_` could run, and others did.
  void add_queueing(const Span& span, std::optional<std::uint32_t> cpu, PathCause cause, bool is_migrated) {
    if (!cpu) return add(span, PathCause::kUnknownTask, {.is_certain = false, .is_migrated = is_migrated});
    for (const CpuOccupancy::Stretch& stretch : occupancy_.between(*cpu, span.from_ns, span.to_ns)) {
      PathCause why = cause;
      if (!stretch.tid) why = PathCause::kUnknownTask;
      if (stretch.tid == 0) why = PathCause::kIdleCpu;
      if (stretch.tid == task_) why = PathCause::kRunning;
      add({stretch.from_ns, stretch.to_ns}, why,
          {.who = stretch.tid.value_or(0), .cpu = cpu, .is_certain = stretch.is_certain, .is_migrated = is_migrated});
    }
  }

  struct Details {
    std::int32_t who = 0;
    std::optional<std::uint32_t> cpu{};
    bool is_certain = true;
    bool is_migrated = false;
  };
  void add(const Span& span, PathCause cause, const Details& details) {
    if (span.from_ns >= span.to_ns) return;
    path_.push_back({.from_ns = span.from_ns,
                     .to_ns = span.to_ns,
                     .direction = direction_,
                     .stage = stage_,
                     .cause = cause,
                     .task = task_,
                     .who = details.who,
                     .cpu = details.cpu,
                     .is_certain = details.is_certain,
                     .is_migrated = details.is_migrated});
  }
  void add(const Span& span, PathCause cause) { add(span, cause, {.who = task_}); }

  [[nodiscard]] bool has_retransmit(const Span& span) const {
    return std::ranges::any_of(events_, [&span](const Event& event) {
      return event.time_ns >= span.from_ns && event.time_ns <= span.to_ns &&
             std::holds_alternative<TcpRetransmitSkb>(event.body);
    });
  }

  template <class Body>
  [[nodiscard]] const Event* find(std::uint64_t time_ns) const {
    for (const Event& event : events_) {
      if (event.time_ns == time_ns && std::holds_alternative<Body>(event.body)) return &event;
    }
    return nullptr;
  }
  template <class Body>
  [[nodiscard]] std::optional<std::int32_t> tid_at(std::uint64_t time_ns) const {
    const Event* const event = find<Body>(time_ns);
    return event == nullptr ? std::nullopt : std::optional(event->tid);
  }
  template <class Body>
  [[nodiscard]] std::optional<std::uint32_t> cpu_at(std::uint64_t time_ns) const {
    const Event* const event = find<Body>(time_ns);
    return event == nullptr ? std::nullopt : std::optional(event->cpu);
  }

  const std::vector<Absence>& absences_of_task() {
    const auto [entry, is_new] = absences_.try_emplace(task_);
    if (is_new) entry->second = absences_of(task_, events_);
    return entry->second;
  }

  const ExchangeStory& story_;
  std::span<const Event> events_;
  CpuOccupancy occupancy_;
  std::map<std::int32_t, std::vector<Absence>> absences_;
  std::vector<PathSegment> path_;
  Direction direction_ = Direction::kRequest;
  Stage stage_ = Stage::kSend;
  std::int32_t task_ = 0;
};

}  // namespace

std::vector<PathSegment> critical_path(const ExchangeStory& story) { return CriticalPath(story).build(); }

}  // namespace sockscope
