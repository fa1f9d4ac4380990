#pragma once

#include <string>

#include "analysis/exchange_story.h"

namespace sockscope {

/// "client (sockscope, tid 100)", "stress (tid 77)", "tid 77": an end by its role, and by name where the recording has
/// it.
[[nodiscard]] std::string task_words(const ExchangeStory& story, std::int32_t tid);

/// "request wake-up"
[[nodiscard]] std::string part_words(const PathSegment& segment);

/// What went on in that part, as far as the trace knows it, in a sentence without its full stop.
[[nodiscard]] std::string cause_words(const ExchangeStory& story, const PathSegment& segment);

}  // namespace sockscope
