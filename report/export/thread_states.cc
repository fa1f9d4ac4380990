#include "report/export/thread_states.h"

#include <optional>
#include <string_view>
#include <unordered_map>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/switch_record.h"
#include "parsers/perf_data/task_names.h"
#include "parsers/tracepoint/field_access.h"
#include "parsers/tracepoint/task_state.h"

namespace sockscope {
namespace {

using perf_data::Bytes;
using perf_data::Record;
using tracepoint::Format;
using tracepoint::IntegerField;
using tracepoint::StringField;

/// What a tracepoint says of one thread.
struct Task {
  std::int32_t tid = 0;
  std::string_view comm;
  std::optional<std::int32_t> prio;
};

/// The fields of a tracepoint that describe one thread.
class TaskFields {
 public:
  TaskFields(const Format& format, std::string_view tid, std::string_view comm, std::string_view prio)
      : tid_(IntegerField::of(format, tid)),
        comm_(StringField::of(format, comm)),
        prio_(IntegerField::of(format, prio)) {}

  [[nodiscard]] std::optional<Task> read(Bytes payload) const {
    const auto tid = tid_ ? tid_->read(payload) : std::nullopt;
    if (!tid) return std::nullopt;
    const auto comm = comm_ ? comm_->read(payload) : std::nullopt;
    const auto prio = prio_ ? prio_->read(payload) : std::nullopt;
    return Task{.tid = static_cast<std::int32_t>(*tid),
                .comm = comm.value_or(std::string_view()),
                .prio = prio ? std::optional(static_cast<std::int32_t>(*prio)) : std::nullopt};
  }

 private:
  std::optional<IntegerField> tid_;
  std::optional<StringField> comm_;
  std::optional<IntegerField> prio_;
};

/// sched:sched_switch.
struct SwitchFields {
  explicit SwitchFields(const Format& format)
      : prev(format, "prev_pid", "prev_comm", "prev_prio"),
        next(format, "next_pid", "next_comm", "next_prio"),
        prev_state(IntegerField::of(format, "prev_state")),
        states(tracepoint::TaskState::of(format)) {}

  TaskFields prev;
  TaskFields next;
  std::optional<IntegerField> prev_state;
  tracepoint::TaskState states;
};

/// By the letter that ps(1) has for it: "S", "R+", "D|K".
ThreadState state_of(std::string_view letters) {
  switch (letters.empty() ? '?' : letters.front()) {
    case 'R':
      return ThreadState::kRunnable;
    case 'D':
    case 'I':
      return ThreadState::kUninterruptibleSleep;
    case 'T':
    case 't':
      return ThreadState::kStopped;
    case 'X':
    case 'Z':
      return ThreadState::kDead;
    default:
      return ThreadState::kInterruptibleSleep;
  }
}

/// Perfetto takes a thread's states only in an order that makes sense: each switch is told once, although tracepoint
/// and record both show it, and nobody who runs is woken.
class States {
 public:
  explicit States(PerfettoPackets& packets) : packets_(packets) {}

  void enter(std::uint64_t time_ns, std::uint32_t cpu, const Task& task) {
    if (change(task.tid, ThreadState::kRunning)) tell(time_ns, cpu, task, ThreadState::kRunning);
  }

  void leave(std::uint64_t time_ns, std::uint32_t cpu, const Task& task, ThreadState state) {
    const auto before = states_.find(task.tid);
    if (before != states_.end() && before->second != ThreadState::kRunning) return;
    if (change(task.tid, state)) tell(time_ns, cpu, task, state);
  }

  void wake(std::uint64_t time_ns, std::uint32_t cpu, const Task& task) {
    const auto before = states_.find(task.tid);
    if (before != states_.end() && before->second == ThreadState::kRunning) return;
    if (change(task.tid, ThreadState::kRunnable)) tell(time_ns, cpu, task, ThreadState::kRunnable);
  }

 private:
  // False if it is in that state already. The idle task, which is one on every CPU, is in none.
  bool change(std::int32_t tid, ThreadState state) {
    if (tid <= 0) return false;
    ThreadState& known = states_[tid];
    const bool is_new = known != state;
    known = state;
    return is_new;
  }

  void tell(std::uint64_t time_ns, std::uint32_t cpu, const Task& task, ThreadState state) {
    packets_.state(
        {.time_ns = time_ns, .tid = task.tid, .state = state, .cpu = cpu, .comm = task.comm, .prio = task.prio});
  }

  PerfettoPackets& packets_;
  std::unordered_map<std::int32_t, ThreadState> states_;
};

template <class Fields, class... Names>
std::optional<Fields> fields_of(const Format* format, Names... names) {
  return format == nullptr ? std::nullopt : std::optional<Fields>(std::in_place, *format, names...);
}

class StateWriter {
 public:
  StateWriter(const tracepoint::Catalog& catalog, perf_data::ByteOrder order, PerfettoPackets& packets)
      : order_(order),
        switch_(catalog.find("sched", "sched_switch")),
        waking_(catalog.find("sched", "sched_waking")),
        new_(catalog.find("sched", "sched_wakeup_new")),
        switch_fields_(fields_of<SwitchFields>(switch_)),
        waking_fields_(fields_of<TaskFields>(waking_, "pid", "comm", "prio")),
        new_fields_(fields_of<TaskFields>(new_, "pid", "comm", "prio")),
        states_(packets) {}

  void on_sample(const Record& record) {
    const auto id = tracepoint::common_type(record.payload, order_);
    if (!id) return;
    if (switch_ != nullptr && *id == switch_->id) return on_switch(record);
    if (waking_ != nullptr && *id == waking_->id) return on_waking(record, *waking_fields_);
    if (new_ != nullptr && *id == new_->id) return on_waking(record, *new_fields_);
  }

  /// The thread that the record is of comes or goes. Whether one that goes is interruptible it does not say: nearly all
  /// are.
  void on_switch_record(const Record& record, std::string_view comm) {
    const auto change = perf_data::parse_switch(record, order_);
    if (!change) return;
    const Task task{.tid = record.tid, .comm = comm, .prio = std::nullopt};
    if (change->direction == perf_data::SwitchRecord::Direction::kIn) {
      states_.enter(record.time_ns, record.cpu, task);
    } else {
      states_.leave(record.time_ns, record.cpu, task,
                    change->preempted ? ThreadState::kRunnable : ThreadState::kInterruptibleSleep);
    }
  }

 private:
  void on_switch(const Record& record) {
    const auto prev = switch_fields_->prev.read(record.payload);
    const auto next = switch_fields_->next.read(record.payload);
    const auto& field = switch_fields_->prev_state;
    const auto prev_state = field ? field->read(record.payload) : std::nullopt;
    if (!prev || !next || !prev_state) return;
    states_.leave(record.time_ns, record.cpu, *prev, state_of(switch_fields_->states.text(*prev_state)));
    states_.enter(record.time_ns, record.cpu, *next);
  }

  void on_waking(const Record& record, const TaskFields& fields) {
    if (const auto task = fields.read(record.payload)) states_.wake(record.time_ns, record.cpu, *task);
  }

  perf_data::ByteOrder order_;
  const Format* switch_;
  const Format* waking_;
  const Format* new_;
  std::optional<SwitchFields> switch_fields_;
  std::optional<TaskFields> waking_fields_;
  std::optional<TaskFields> new_fields_;
  States states_;
};

}  // namespace

void write_thread_states(const perf_data::Reader& reader, const tracepoint::Catalog& catalog, PerfettoThreads& threads,
                         PerfettoPackets& packets) {
  const perf_data::ByteOrder order = reader.info().byte_order;
  StateWriter writer(catalog, order, packets);
  perf_data::TaskNames names;
  for (auto stream = reader.records(); const Record* record = stream.next();) {
    if (record->type == perf_data::record_type::kSample) {
      threads.see(record->pid, record->tid, [&] { return names.name_of(record->pid, record->tid); });
      writer.on_sample(*record);
    } else if (record->type == perf_data::record_type::kSwitch ||
               record->type == perf_data::record_type::kSwitchCpuWide) {
      writer.on_switch_record(*record, names.name_of(record->pid, record->tid));
    } else {
      names.apply(*record, order);
    }
  }
}

}  // namespace sockscope
