#include "parsers/perf_data/task_names.h"

#include "parsers/perf_data/comm_record.h"
#include "parsers/perf_data/fork_record.h"

namespace sockscope::perf_data {

TaskNames::TaskNames() : tasks_(256), shift_(32 - 8) { task(0, 0).rename("swapper"); }

void TaskNames::apply(const Record& record, ByteOrder order) {
  if (const auto comm = parse_comm(record, order)) task(comm->pid, comm->tid).rename(comm->comm);
  if (const auto forked = parse_fork(record, order)) {
    fork(forked->pid, forked->tid, forked->parent_pid, forked->parent_tid);
  }
}

TaskNames::Task& TaskNames::add(std::int32_t pid, std::int32_t tid) {
  if (2 * (used_ + 1) > tasks_.size()) grow();
  ++used_;
  Task& task = tasks_[slot_of(tid)];
  task = {.tid = tid, .pid = pid, .is_used = true};
  return task;
}

void TaskNames::grow() {
  std::vector<Task> old(2 * tasks_.size());
  old.swap(tasks_);
  --shift_;
  for (const Task& task : old) {
    if (task.is_used) tasks_[slot_of(task.tid)] = task;
  }
}

// A child is called what its parent is called. A parent of another process than the record says is a thread whose end
// was not recorded and whose tid is in use again: its name means nothing.
void TaskNames::fork(std::int32_t pid, std::int32_t tid, std::int32_t parent_pid, std::int32_t parent_tid) {
  Task& parent = task(parent_pid, parent_tid);
  if (parent.pid != parent_pid) parent = {.tid = parent_tid, .pid = parent_pid, .is_used = true};
  const std::string_view name = parent.name();
  Task& child = task(pid, tid);
  child = {.tid = tid, .pid = pid, .is_used = true};
  child.rename(name);
}

}  // namespace sockscope::perf_data
