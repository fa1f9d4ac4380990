#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analysis/event.h"
#include "analysis/story_context.h"
#include "base/flat_map.h"

namespace sockscope {

/// What the switches of a whole recording tell: what its tasks are called, and whether all of them were recorded.
class SwitchWitness {
 public:
  /// Each event in time order, and what had been before it.
  void on(const Event& event, const StoryContext& before);

  /// By the latest switch from it; empty if there was none.
  [[nodiscard]] std::string_view name_of(std::int32_t tid) const;

  /// Whether a CPU was seen to be taken from another task than it had been given to: not every switch was recorded.
  [[nodiscard]] bool lacks_switches() const noexcept { return lacks_switches_; }

 private:
  void check(const SchedSwitch& change, const Event* last);
  void name(std::int32_t tid, std::string_view comm);

  FlatMap<std::int32_t, std::string> names_;
  bool lacks_switches_ = false;
};

}  // namespace sockscope
