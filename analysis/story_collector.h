#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/event.h"
#include "analysis/exchange_story.h"
#include "analysis/story_context.h"
#include "analysis/switch_witness.h"

namespace sockscope {

/// Puts the events of one recording into the stories of exchanges that it is known to have.
///
/// Fed with all events in time order, or with stretches of them: see go_on_from(). The stories stay where they are
/// until finish(), and have their exchanges.
class StoryCollector {
 public:
  /// Of a story with more events that do not concern its ends, the first and the last half of so many are kept; of
  /// those that do, as many and no more.
  static constexpr std::size_t kMostEvents = 8192;
  /// Of stories that overlap, each has its share of so many, so that memory does not depend on how many do.
  static constexpr std::size_t kMostOpenEvents = std::size_t{8} * kMostEvents;

  /// What is done with a story whose events are complete, before the next one takes memory.
  using Completed = std::function<void(ExchangeStory&)>;

  explicit StoryCollector(std::vector<ExchangeStory*> stories, Completed completed = {});

  void on(const Event& event);

  /// Whether no event would be added now. Then, when the next story begins; nothing if none does.
  [[nodiscard]] bool is_between_stories() const noexcept { return open_.empty(); }
  [[nodiscard]] std::optional<std::uint64_t> next_begin_ns() const;
  /// Between stories: the next event will be the one that follows this moment, which lies before next_begin_ns().
  void go_on_from(const StoryContext::Moment& moment) { context_.go_on_from(moment); }

  /// When the last event has come: the stories have their events, and names by the witness of the whole recording.
  void finish(const SwitchWitness& witness);

 private:
  struct Kept {
    std::size_t number = 0;  // in the order in which they came
    Event event;
  };
  struct Open {
    ExchangeStory* story = nullptr;
    std::size_t count = 0;
    std::vector<Kept> of_ends;
    std::vector<Kept> first;
    std::vector<Kept> latest;  // a ring, once it is full
    std::size_t next = 0;
  };

  void open(ExchangeStory& story);
  void add(Open& open, const Event& event) const;
  void close(Open& open);

  std::vector<ExchangeStory*> waiting_;  // the next one at the end
  std::size_t most_events_ = kMostEvents;
  Completed completed_;
  std::vector<Open> open_;
  std::vector<ExchangeStory*> finished_;
  StoryContext context_;
};

}  // namespace sockscope
