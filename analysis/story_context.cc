#include "analysis/story_context.h"

#include <algorithm>
#include <variant>

namespace sockscope {

StoryContext::StoryContext(std::span<const std::int32_t> tids) : is_of_some_(true) {
  for (const std::int32_t tid : tids) threads_[tid] = {};
}

void StoryContext::on(const Event& event) {
  if (const auto* const change = std::get_if<SchedSwitch>(&event.body)) {
    keep_switch(event.cpu, event);
    if (Thread* const thread = known(change->prev_pid)) {
      thread->absence = without_texts(event);
      thread->has_absence = true;
    }
    if (Thread* const thread = threads_.find(change->next_pid)) thread->has_absence = false;
  } else if (const auto* const in = std::get_if<SwitchIn>(&event.body)) {
    keep_switch(event.cpu, event);
    if (Thread* const thread = threads_.find(in->tid)) thread->has_absence = false;
  } else if (std::holds_alternative<SyscallEnter>(event.body)) {
    if (Thread* const thread = known(event.tid)) {
      thread->call = event;
      thread->has_call = true;
    }
  }
}

StoryContext::Thread* StoryContext::known(std::int32_t tid) {
  Thread* const found = threads_.find(tid);
  if (found != nullptr || is_of_some_) return found;
  if (threads_.size() >= kMostThreads) {
    is_complete_ = false;
    return nullptr;
  }
  return &threads_[tid];
}

void StoryContext::keep_switch(std::uint32_t cpu, const Event& event) {
  Event* const last = switches_.find(cpu);
  if (last == nullptr && switches_.size() >= kMostCpus) return;
  (last != nullptr ? *last : switches_[cpu]) = without_texts(event);
}

std::vector<std::pair<std::uint32_t, Event>> StoryContext::last_switches() const {
  std::vector<std::pair<std::uint32_t, Event>> all;
  all.reserve(switches_.size());
  switches_.for_each([&all](std::uint32_t cpu, const Event& event) { all.emplace_back(cpu, event); });
  std::ranges::sort(all, {}, [](const auto& of_cpu) { return of_cpu.first; });
  return all;
}

StoryContext::Moment StoryContext::moment() const {
  Moment moment{.switches = last_switches(), .threads = {}};
  threads_.for_each([&moment](std::int32_t tid, const Thread& thread) {
    if (thread.has_call || thread.has_absence) moment.threads.emplace_back(tid, thread);
  });
  return moment;
}

void StoryContext::go_on_from(const Moment& moment) {
  switches_ = {};
  for (const auto& [cpu, event] : moment.switches) switches_[cpu] = event;
  if (is_of_some_) {
    FlatMap<std::int32_t, Thread> threads;
    threads_.for_each([&threads](std::int32_t tid, const Thread& /*thread*/) { threads[tid] = {}; });
    threads_ = std::move(threads);
  } else {
    threads_ = {};
  }
  for (const auto& [tid, thread] : moment.threads) {
    if (Thread* const wanted = known(tid)) *wanted = thread;
  }
}

Event without_texts(Event event) {
  if (auto* const change = std::get_if<SchedSwitch>(&event.body)) change->prev_comm = {};
  if (auto* const drop = std::get_if<SkbDrop>(&event.body)) drop->reason = {};
  return event;
}

}  // namespace sockscope
