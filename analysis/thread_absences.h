#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/event.h"

namespace sockscope {

/// A time in which a thread was on no CPU.
struct Absence {
  std::uint64_t from_ns = 0;
  /// Its switch onto a CPU, or else its first event after; the latest there is if it has none.
  std::uint64_t to_ns = 0;
  bool is_preempted = false;              ///< It was runnable all the time; else it slept until it was woken.
  std::uint64_t woken_ns = 0;             ///< sched_waking of it; 0: none was seen.
  std::uint64_t migrated_ns = 0;          ///< The first sched_migrate_task of it; 0: none.
  std::uint32_t from_cpu = 0;             ///< Where it ran before, and
  std::optional<std::uint32_t> to_cpu{};  ///< after; absent if nothing of it was seen after.
};

/// Those of one thread, in time order, by events in time order.
std::vector<Absence> absences_of(std::int32_t tid, std::span<const Event> events);

}  // namespace sockscope
