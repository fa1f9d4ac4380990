#include "analysis/story_collector.h"

#include <algorithm>
#include <utility>

#include "analysis/thread_table.h"

namespace sockscope {
namespace {

// Far more than machines have: a hostile recording may name any.
constexpr std::size_t kMostCpus = 4096;

/// Without what points into the recording.
Event kept(Event event) {
  if (auto* const change = std::get_if<SchedSwitch>(&event.body)) change->prev_comm = {};
  if (auto* const drop = std::get_if<SkbDrop>(&event.body)) drop->reason = {};
  return event;
}

/// What only says something about the thread that does it.
bool is_of_its_thread(const Event& event) {
  return std::holds_alternative<SyscallEnter>(event.body) || std::holds_alternative<SyscallExit>(event.body) ||
         std::holds_alternative<SocketCall>(event.body) || std::holds_alternative<SockLength>(event.body) ||
         std::holds_alternative<SkbCopy>(event.body) || std::holds_alternative<TaskFork>(event.body);
}

bool is_end(const Exchange& exchange, std::int32_t tid) {
  return tid == exchange.client_tid || tid == exchange.server_tid;
}

/// What says when one of the ends ran, what it did, and what became of a lost segment.
bool concerns_ends(const Exchange& exchange, const Event& event) {
  const auto is_one = [&exchange](std::int32_t tid) { return is_end(exchange, tid); };
  if (const auto* const change = std::get_if<SchedSwitch>(&event.body)) {
    return is_one(change->prev_pid) || is_one(change->next_pid);
  }
  if (const auto* const in = std::get_if<SwitchIn>(&event.body)) return is_one(in->tid);
  if (const auto* const waking = std::get_if<SchedWaking>(&event.body)) return is_one(waking->pid);
  if (const auto* const migration = std::get_if<SchedMigrateTask>(&event.body)) return is_one(migration->pid);
  return is_one(event.tid) || std::holds_alternative<TcpRetransmitSkb>(event.body);
}

}  // namespace

StoryCollector::StoryCollector(std::vector<ExchangeStory*> stories) : waiting_(std::move(stories)) {
  std::ranges::sort(waiting_, std::ranges::greater(),
                    [](const ExchangeStory* story) { return story->exchange.begin_ns(); });
  for (const ExchangeStory* const story : waiting_) {
    ends_[story->exchange.client_tid];
    ends_[story->exchange.server_tid];
  }
}

void StoryCollector::on(const Event& event) {
  while (!waiting_.empty() && waiting_.back()->exchange.begin_ns() <= event.time_ns) {
    open(*waiting_.back());
    waiting_.pop_back();
  }
  std::erase_if(open_, [&](Open& open) {
    const bool is_over = event.time_ns > open.story->exchange.end_ns();
    if (is_over) close(open);
    return is_over;
  });
  for (Open& open : open_) {
    if (is_of_its_thread(event) && !is_end(open.story->exchange, event.tid)) continue;
    add(open, event);
  }
  remember(event);
}

void StoryCollector::open(ExchangeStory& story) {
  finished_.push_back(&story);
  for (const auto& [cpu, event] : switches_) story.events.push_back(event);
  for (const std::int32_t tid : {story.exchange.client_tid, story.exchange.server_tid}) {
    const ThreadBefore& end = ends_[tid];
    if (end.has_call) story.events.push_back(end.call);
    const auto is_there = [&end](const Event& event) {
      return event.time_ns == end.absence.time_ns && event.cpu == end.absence.cpu &&
             std::holds_alternative<SchedSwitch>(event.body);
    };
    if (end.has_absence && std::ranges::none_of(story.events, is_there)) story.events.push_back(end.absence);
  }
  std::ranges::stable_sort(story.events, {}, &Event::time_ns);
  open_.emplace_back().story = &story;
}

void StoryCollector::add(Open& open, const Event& event) {
  const Kept one{.number = open.count++, .event = kept(event)};
  if (concerns_ends(open.story->exchange, event) && open.of_ends.size() < kMostEvents) {
    open.of_ends.push_back(one);
  } else if (open.first.size() < kMostEvents / 2) {
    open.first.push_back(one);
  } else if (open.latest.size() < kMostEvents / 2) {
    open.latest.push_back(one);
  } else {
    open.latest[open.next] = one;
    open.next = (open.next + 1) % open.latest.size();
    ++open.story->events_left_out;
  }
}

void StoryCollector::close(Open& open) {
  ExchangeStory& story = *open.story;
  std::vector<Kept> all = std::move(open.first);
  if (story.events_left_out != 0) {
    story.gap_from_ns = all.back().event.time_ns;
    story.gap_to_ns = open.latest[open.next].event.time_ns;
    const auto is_before = [gap = all.back().number](const Kept& one) { return one.number < gap; };
    const auto of_ends = std::ranges::count_if(open.of_ends, is_before);
    story.left_out_at = story.events.size() + all.size() + static_cast<std::size_t>(of_ends);
  }
  all.insert(all.end(), open.of_ends.begin(), open.of_ends.end());
  all.insert(all.end(), open.latest.begin(), open.latest.end());
  std::ranges::sort(all, {}, &Kept::number);
  for (const Kept& one : all) story.events.push_back(one.event);
}

void StoryCollector::remember(const Event& event) {
  if (const auto* const change = std::get_if<SchedSwitch>(&event.body)) {
    name(change->prev_pid, change->prev_comm);
    check(event);
    if (switches_.size() < kMostCpus || switches_.contains(event.cpu)) switches_[event.cpu] = kept(event);
    if (const auto end = ends_.find(change->prev_pid); end != ends_.end()) {
      end->second.absence = kept(event);
      end->second.has_absence = true;
    }
    if (const auto end = ends_.find(change->next_pid); end != ends_.end()) end->second.has_absence = false;
  } else if (const auto* const in = std::get_if<SwitchIn>(&event.body)) {
    if (switches_.size() < kMostCpus || switches_.contains(event.cpu)) switches_[event.cpu] = event;
    if (const auto end = ends_.find(in->tid); end != ends_.end()) end->second.has_absence = false;
  } else if (std::holds_alternative<SyscallEnter>(event.body)) {
    if (const auto end = ends_.find(event.tid); end != ends_.end()) {
      end->second.call = event;
      end->second.has_call = true;
    }
  }
}

/// A switch from an idle task to another one may be invisible (docs/tracing.md), and one from a task of which no switch
/// is ever recorded, as the recording perf's, says nothing.
void StoryCollector::check(const Event& event) {
  const auto before = switches_.find(event.cpu);
  if (before == switches_.end()) return;
  const auto* const change = std::get_if<SchedSwitch>(&before->second.body);
  const std::int32_t given_to = change != nullptr ? change->next_pid : std::get<SwitchIn>(before->second.body).tid;
  if (given_to == std::get<SchedSwitch>(event.body).prev_pid || !names_.contains(given_to)) return;
  lacks_switches_ = lacks_switches_ || given_to != 0;
}

void StoryCollector::name(std::int32_t tid, std::string_view comm) {
  if (names_.size() >= ThreadTable<Event>::kMostThreads && !names_.contains(tid)) return;
  const std::string_view text = comm.substr(0, comm.find('\0'));
  std::string& known = names_[tid];
  if (known != text) known = text;
}

void StoryCollector::finish() {
  for (Open& open : open_) close(open);
  open_.clear();
  for (ExchangeStory* const story : finished_) {
    const auto add_name = [&](std::int32_t tid) {
      const auto found = names_.find(tid);
      if (found != names_.end() && !found->second.empty()) story->names[tid] = found->second;
    };
    add_name(story->exchange.client_tid);
    add_name(story->exchange.server_tid);
    for (const Event& event : story->events) {
      add_name(event.tid);
      if (const auto* const change = std::get_if<SchedSwitch>(&event.body)) {
        add_name(change->prev_pid);
        add_name(change->next_pid);
      }
      if (const auto* const in = std::get_if<SwitchIn>(&event.body)) add_name(in->tid);
      if (const auto* const waking = std::get_if<SchedWaking>(&event.body)) add_name(waking->pid);
    }
  }
}

}  // namespace sockscope
