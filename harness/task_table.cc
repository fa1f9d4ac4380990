#include "harness/task_table.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <string_view>
#include <utility>

namespace sockscope {
namespace {

Task read_task(pid_t tid) {
  Task task{.pid = tid, .comm = {}};
  std::ifstream status(fmt::format("/proc/{}/status", tid));
  for (std::string line; std::getline(status, line);) {
    const std::string_view value = std::string_view(line).substr(std::min(line.find('\t') + 1, line.size()));
    if (line.starts_with("Name:")) task.comm = value;
    if (!line.starts_with("Tgid:")) continue;
    std::from_chars(value.data(), value.data() + value.size(), task.pid);
    break;
  }
  return task;
}

}  // namespace

TaskTable::TaskTable(std::span<const pid_t> tids) {
  for (const pid_t tid : tids) tasks_[tid].task = read_task(tid);
}

std::vector<pid_t> TaskTable::tids() const {
  std::vector<pid_t> tids;
  tids.reserve(tasks_.size());
  for (const auto& [tid, known] : tasks_) tids.push_back(tid);
  return tids;
}

std::pair<const Task*, bool> TaskTable::find(pid_t tid) {
  const auto [entry, is_new] = tasks_.try_emplace(tid);
  Known& known = entry->second;
  if (is_new && tid != 0) known.task = read_task(tid);
  return {&known.task, !std::exchange(known.is_asked_for, true)};
}

}  // namespace sockscope
