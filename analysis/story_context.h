#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "analysis/event.h"
#include "base/flat_map.h"

namespace sockscope {

/// What an exchange begins in the middle of: the last switch on each CPU, and of threads the last call and since when
/// they have had no CPU. Their texts (SchedSwitch::prev_comm) are empty.
///
/// Fed with all events in time order. Or with those from some moment on, if it goes on from there.
class StoryContext {
 public:
  /// The last of each kind.
  struct Thread {
    Event call;
    Event absence;
    bool has_call = false;
    bool has_absence = false;
  };
  /// What was so at some moment, in little memory.
  struct Moment {
    std::vector<std::pair<std::uint32_t, Event>> switches;
    std::vector<std::pair<std::int32_t, Thread>> threads;

    [[nodiscard]] std::size_t bytes() const noexcept {
      return switches.size() * sizeof switches[0] + threads.size() * sizeof threads[0];
    }
  };

  /// Of any thread.
  StoryContext() = default;
  /// Of these threads alone.
  explicit StoryContext(std::span<const std::int32_t> tids);

  void on(const Event& event);

  [[nodiscard]] const Event* last_switch(std::uint32_t cpu) const { return switches_.find(cpu); }
  /// By CPU.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, Event>> last_switches() const;
  /// Null if nothing is known of it.
  [[nodiscard]] const Thread* thread(std::int32_t tid) const { return threads_.find(tid); }

  /// False once there were more threads than are kept: what it knows is not all any more.
  [[nodiscard]] bool is_complete() const noexcept { return is_complete_; }
  [[nodiscard]] Moment moment() const;
  /// Forgets what it was fed with. The moment is of a context of any thread.
  void go_on_from(const Moment& moment);

 private:
  // Far more than machines have: a hostile recording may name any.
  static constexpr std::size_t kMostCpus = 4096;
  static constexpr std::size_t kMostThreads = 8192;

  Thread* known(std::int32_t tid);
  void keep_switch(std::uint32_t cpu, const Event& event);

  FlatMap<std::uint32_t, Event> switches_;
  FlatMap<std::int32_t, Thread> threads_;
  bool is_of_some_ = false;  // threads_ has all that it will have
  bool is_complete_ = true;
};

/// The event without what points into the recording.
[[nodiscard]] Event without_texts(Event event);

}  // namespace sockscope
