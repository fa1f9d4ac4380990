#include "analysis/story_thinning.h"

#include <algorithm>
#include <iterator>

namespace sockscope {

void take_out_events(ExchangeStory& story, std::size_t most) {
  const std::size_t count = story.events.size();
  if (count <= most) return;
  std::size_t first = most / 2;
  if (story.events_left_out != 0) {
    const std::size_t before = std::min(story.left_out_at, count);
    const std::size_t behind = count - before;
    // A gap near one end leaves more room to the other.
    first = std::min(before, std::max(first, most - std::min(behind, most)));
  }
  const std::vector<Event>& all = story.events;
  std::vector<Event> rest(all.begin(), std::next(all.begin(), static_cast<std::ptrdiff_t>(first)));
  rest.insert(rest.end(), std::prev(all.end(), static_cast<std::ptrdiff_t>(most - first)), all.end());
  story.events = std::move(rest);
  story.events_taken_out += count - most;
  story.left_out_at = first;
}

}  // namespace sockscope
