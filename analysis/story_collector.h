#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/event.h"
#include "analysis/exchange_story.h"

namespace sockscope {

/// Puts the events of one recording into the stories of exchanges that it is known to have.
///
/// Fed with all events in time order. The stories stay where they are until finish(), and have their exchanges.
class StoryCollector {
 public:
  /// Of a story with more events that do not concern its ends, the first and the last half of so many are kept; of
  /// those that do, as many and no more.
  static constexpr std::size_t kMostEvents = 8192;

  explicit StoryCollector(std::vector<ExchangeStory*> stories);

  void on(const Event& event);

  /// When the last event has come: the stories have their events and names.
  void finish();

  /// Whether a CPU was seen to be taken from another task than it had been given to: not every switch was recorded.
  [[nodiscard]] bool lacks_switches() const { return lacks_switches_; }

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
  /// The last of each kind before a story begins.
  struct ThreadBefore {
    Event call;
    Event absence;
    bool has_call = false;
    bool has_absence = false;
  };

  void open(ExchangeStory& story);
  static void add(Open& open, const Event& event);
  static void close(Open& open);
  void remember(const Event& event);
  void check(const Event& event);
  void name(std::int32_t tid, std::string_view comm);

  std::vector<ExchangeStory*> waiting_;  // the next one at the end
  std::vector<Open> open_;
  std::vector<ExchangeStory*> finished_;
  std::map<std::uint32_t, Event> switches_;  // the last on each CPU
  std::map<std::int32_t, ThreadBefore> ends_;
  std::unordered_map<std::int32_t, std::string> names_;
  bool lacks_switches_ = false;
};

}  // namespace sockscope
