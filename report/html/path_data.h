#pragma once

#include <cstddef>

#include "analysis/slowest_exchanges.h"
#include "analysis/story_thinning.h"
#include "report/figure_json.h"

namespace sockscope {

/// More events of one exchange than anybody looks at; a hundred of them come to less than 1 MB.
inline constexpr std::size_t kMostEventsOfPath = kMostEventsShown;

/// A critical path of more segments than this has the longest of them as rows, and the others joined, stage by stage:
/// with the kSingleSegments longest and the culprit, and the 13 stages of a round trip that the rest is cut by, there
/// are never more rows.
inline constexpr std::size_t kSingleSegments = 13;
inline constexpr std::size_t kMostSegmentsOfPath = 2 * (kSingleSegments + 1) + 13;

/// The paths of single messages, for report/html/lanes.js: of each the exchange, its critical path and its events,
/// those beyond kMostEventsOfPath left out of their middle and counted. Times are nanoseconds from its beginning.
///
/// - slowest, medians: [{variant, round, begin_ns, duration_ns, is_round_trip, client, server, messages, segments,
///   culprit, events, left_out: [how many, before which event], names: {tid: name}}]
/// - of each, messages: [{direction, enter, queue, rx, receive, ready, waking, switch, exit}], without what was not
/// seen
/// - of each, segments: [[from, to, direction, stage, what went on, in words]], which meet; culprit is one's index
/// - of each, events: [[time, cpu, tid, name, what belongs to it ...]], by short forms of the tracepoints' names; names
///   are of the tasks in them
/// - losses: datagrams that were lost
/// - limits: sentences about what the recordings have not got
[[nodiscard]] Json paths_of(const SlowestExchanges& exchanges);

}  // namespace sockscope
