#include "harness/trace_merge.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "parsers/perf_data/abi.h"

namespace sockscope {
namespace {

constexpr std::size_t kTrailer = 32;  // kWrittenSampleType: TID, TIME, CPU, IDENTIFIER
constexpr std::size_t kNone = ~std::size_t{0};

/// The value at that place of the bytes, which reach far enough.
template <class T>
T load(std::string_view bytes, std::size_t at = 0) {
  T value{};
  std::ranges::copy(bytes.substr(at, sizeof value), reinterpret_cast<char*>(&value));
  return value;
}

/// The records of one TaskRing buffer, one after the other.
class TaskRecords {
 public:
  explicit TaskRecords(std::string_view records) : rest_(records) { measure(); }

  [[nodiscard]] bool at_end() const { return size_ == 0; }
  [[nodiscard]] std::uint64_t time_ns() const { return time_ns_; }
  [[nodiscard]] std::string_view record() const { return rest_.substr(0, size_); }
  void next() {
    rest_.remove_prefix(size_);
    measure();
  }

 private:
  void measure() {
    size_ = 0;
    if (rest_.size() < sizeof(perf_event_header)) return;
    const auto header = load<perf_event_header>(rest_);
    if (header.size < sizeof header + kTrailer || header.size > rest_.size()) return;
    size_ = header.size;
    time_ns_ = load<std::uint64_t>(rest_, size_ - kTrailer + 2 * sizeof(std::uint32_t));
  }

  std::string_view rest_;
  std::size_t size_ = 0;
  std::uint64_t time_ns_ = 0;
};

class Merge {
 public:
  Merge(std::span<CpuTrace> traces, std::span<const TaskRing::Recorded> tasks, TaskTable& table, PerfDataWriter& writer)
      : table_(table), writer_(writer) {
    for (CpuTrace& trace : traces) sources_.push_back({.trace = &trace});
    for (const TaskRing::Recorded& recorded : tasks) tasks_.emplace_back(recorded.records);
  }

  Result<> run(std::span<const std::uint64_t> ids) {
    for (std::size_t event = 0; event < ids.size(); ++event) {
      if (ids[event] >= event_of_id_.size()) event_of_id_.resize(ids[event] + 1, kNone);
      event_of_id_[ids[event]] = event;
    }
    for (Source& source : sources_) {
      if (auto begun = advance(source); !begun) return begun;
    }
    if (auto named = name_known_tasks(); !named) return named;
    while (true) {
      Source* const trace = earliest_trace();
      TaskRecords* const task = earliest_task();
      if (trace == nullptr && task == nullptr) return {};
      const bool is_task = trace == nullptr || (task != nullptr && task->time_ns() < trace->time_ns());
      if (auto put = is_task ? put_record(*task) : put_sample(*trace); !put) return put;
    }
  }

 private:
  struct Source {
    CpuTrace* trace = nullptr;
    bool at_end = false;
    [[nodiscard]] std::uint64_t time_ns() const { return trace->entry().time_ns; }
  };

  /// Before anything else: perf sched timehist wants to know a thread's process before the first switch to it.
  Result<> name_known_tasks() {
    Source* const first = earliest_trace();
    if (first == nullptr) return {};
    for (const pid_t tid : table_.tids()) {
      const Task& task = *table_.find(tid).first;
      if (task.comm.empty()) continue;
      WrittenContext context{.cpu = static_cast<std::uint32_t>(first->trace->cpu()), .time_ns = first->time_ns()};
      context.pid = task.pid;
      context.tid = tid;
      if (auto named = writer_.comm(context, task.comm); !named) return named;
    }
    return {};
  }

  static Result<> advance(Source& source) {
    auto more = source.trace->next();
    if (!more) return pass_on(more);
    source.at_end = !*more;
    return {};
  }

  Source* earliest_trace() {
    Source* first = nullptr;
    for (Source& source : sources_) {
      if (!source.at_end && (first == nullptr || source.time_ns() < first->time_ns())) first = &source;
    }
    return first;
  }

  TaskRecords* earliest_task() {
    TaskRecords* first = nullptr;
    for (TaskRecords& records : tasks_) {
      if (!records.at_end() && (first == nullptr || records.time_ns() < first->time_ns())) first = &records;
    }
    return first;
  }

  Result<> put_record(TaskRecords& records) {
    const std::string_view record = records.record();
    const auto header = load<perf_event_header>(record);
    if (header.type == PERF_RECORD_FORK && record.size() >= sizeof header + 4 * sizeof(std::uint32_t)) {
      table_.began(load<pid_t>(record, sizeof header), load<pid_t>(record, sizeof header + 2 * sizeof(std::uint32_t)));
    }
    auto put = writer_.record(std::as_bytes(std::span(record)));
    records.next();
    return put;
  }

  Result<> put_sample(Source& source) {
    // struct trace_entry: u16 type, u8 flags, u8 preempt_count, s32 pid.
    constexpr std::size_t common_size = 8;
    const auto& entry = source.trace->entry();
    const std::string_view payload(reinterpret_cast<const char*>(entry.payload.data()), entry.payload.size());
    WrittenContext context{.cpu = static_cast<std::uint32_t>(source.trace->cpu()), .time_ns = entry.time_ns};
    const std::size_t id = entry.payload.size() < common_size ? event_of_id_.size() : load<std::uint16_t>(payload);
    if (id < event_of_id_.size() && event_of_id_[id] != kNone) {
      context.tid = load<pid_t>(payload, 4);
      const auto [task, is_new] = table_.find(context.tid);
      context.pid = task->pid;
      if (is_new && !task->comm.empty()) {
        if (auto named = writer_.comm(context, task->comm); !named) return named;
      }
      if (auto put = writer_.sample(event_of_id_[id], context, entry.payload); !put) return put;
    }
    if (auto more = advance(source); !more) return more;
    const std::uint64_t missed = source.trace->take_missed();
    return missed == 0 ? Result<>{} : writer_.lost(context, missed);
  }

  std::vector<Source> sources_;
  std::vector<TaskRecords> tasks_;
  TaskTable& table_;
  PerfDataWriter& writer_;
  std::vector<std::size_t> event_of_id_;
};

}  // namespace

Result<> merge(std::span<CpuTrace> traces, std::span<const TaskRing::Recorded> tasks,
               std::span<const std::uint64_t> ids, TaskTable& table, PerfDataWriter& writer) {
  return Merge(traces, tasks, table, writer).run(ids);
}

}  // namespace sockscope
