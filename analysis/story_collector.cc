#include "analysis/story_collector.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "analysis/event_tasks.h"

namespace sockscope {
namespace {

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

std::vector<std::int32_t> ends_of(const std::vector<ExchangeStory*>& stories) {
  std::vector<std::int32_t> ends;
  for (const ExchangeStory* const story : stories) {
    ends.push_back(story->exchange.client_tid);
    ends.push_back(story->exchange.server_tid);
  }
  return ends;
}

/// Of how many exchanges at most the times overlap.
std::size_t most_at_once(const std::vector<ExchangeStory*>& stories) {
  std::vector<std::pair<std::uint64_t, int>> changes;
  for (const ExchangeStory* const story : stories) {
    changes.emplace_back(story->exchange.begin_ns(), 0);  // begins stand before ends of the same time
    changes.emplace_back(story->exchange.end_ns(), 1);
  }
  std::ranges::sort(changes);
  std::size_t now = 0;
  std::size_t most = 1;
  for (const auto& [time_ns, is_end] : changes) {
    now = is_end == 0 ? now + 1 : now - std::min<std::size_t>(now, 1);
    most = std::max(most, now);
  }
  return most;
}

/// The tasks that a story speaks of.
void name_tasks(ExchangeStory& story) {
  const auto add = [&story](std::int32_t tid) { story.names.try_emplace(tid); };
  add(story.exchange.client_tid);
  add(story.exchange.server_tid);
  for (const PathSegment& segment : story.segments) {
    add(segment.task);
    add(segment.who);
  }
  for (const Event& event : story.events) for_each_task(event, add);
}

}  // namespace

StoryCollector::StoryCollector(std::vector<ExchangeStory*> stories, Completed completed)
    : waiting_(std::move(stories)),
      most_events_(std::min(kMostEvents, std::max<std::size_t>(2, kMostOpenEvents / most_at_once(waiting_)))),
      completed_(std::move(completed)),
      context_(ends_of(waiting_)) {
  std::ranges::sort(waiting_, std::ranges::greater(),
                    [](const ExchangeStory* story) { return story->exchange.begin_ns(); });
}

std::optional<std::uint64_t> StoryCollector::next_begin_ns() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.back()->exchange.begin_ns();
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
  context_.on(event);
}

void StoryCollector::open(ExchangeStory& story) {
  finished_.push_back(&story);
  std::vector<Kept> before;
  const auto keep = [&before](const Event& event) { before.push_back({.number = before.size(), .event = event}); };
  for (const auto& [cpu, event] : context_.last_switches()) keep(event);
  for (const std::int32_t tid : {story.exchange.client_tid, story.exchange.server_tid}) {
    const StoryContext::Thread& end = *context_.thread(tid);
    if (end.has_call) keep(end.call);
    const auto is_there = [&end](const Kept& one) {
      return one.event.time_ns == end.absence.time_ns && one.event.cpu == end.absence.cpu &&
             std::holds_alternative<SchedSwitch>(one.event.body);
    };
    if (end.has_absence && std::ranges::none_of(before, is_there)) keep(end.absence);
  }
  std::ranges::sort(before, {}, [](const Kept& one) { return std::pair(one.event.time_ns, one.number); });
  for (const Kept& one : before) story.events.push_back(one.event);
  open_.emplace_back().story = &story;
}

void StoryCollector::add(Open& open, const Event& event) const {
  const Kept one{.number = open.count++, .event = without_texts(event)};
  if (concerns_ends(open.story->exchange, event) && open.of_ends.size() < most_events_) {
    open.of_ends.push_back(one);
  } else if (open.first.size() < most_events_ / 2) {
    open.first.push_back(one);
  } else if (open.latest.size() < most_events_ / 2) {
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
  story.events.reserve(story.events.size() + all.size());
  for (const Kept& one : all) story.events.push_back(one.event);
  if (completed_) completed_(story);
  name_tasks(story);
}

void StoryCollector::finish(const SwitchWitness& witness) {
  for (Open& open : open_) close(open);
  open_.clear();
  for (ExchangeStory* const story : finished_) {
    for (auto& [tid, name] : story->names) name = witness.name_of(tid);
    std::erase_if(story->names, [](const auto& named) { return named.second.empty(); });
  }
}

}  // namespace sockscope
