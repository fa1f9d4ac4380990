#pragma once

#include <string>
#include <vector>

#include "analysis/exchange_story.h"
#include "analysis/slowest_exchanges.h"

namespace sockscope {

/// "client (sockscope, tid 100)", "stress (tid 77)", "tid 77": an end by its role, and by name where the recording has
/// it.
[[nodiscard]] std::string task_words(const ExchangeStory& story, std::int32_t tid);

/// "request wake-up"
[[nodiscard]] std::string part_words(const PathSegment& segment);

/// What went on in that part, as far as the trace knows it, in a sentence without its full stop.
[[nodiscard]] std::string cause_words(const ExchangeStory& story, const PathSegment& segment);

/// What the recordings have not got, and what cannot be told without, a sentence each.
[[nodiscard]] std::vector<std::string> limit_words(const SlowestExchanges& found);

}  // namespace sockscope
