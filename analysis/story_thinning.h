#pragma once

#include <cstddef>

#include "analysis/exchange_story.h"

namespace sockscope {

/// More events of one exchange than anybody looks at.
inline constexpr std::size_t kMostEventsShown = 240;

/// Takes events out of the story's middle, or beside the gap that it has already, until `most` are left. They are
/// counted in events_taken_out; left_out_at says where they were.
void take_out_events(ExchangeStory& story, std::size_t most);

}  // namespace sockscope
