#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "analysis/event.h"

namespace sockscope {

/// Who had each CPU when, by sched:sched_switch and by the records of switches where there are any.
class CpuOccupancy {
 public:
  struct Stretch {
    std::uint64_t from_ns = 0;
    std::uint64_t to_ns = 0;
    std::optional<std::int32_t> tid;  ///< Absent: no switch says who.
    /// False: it had the CPU at the end. Since when is not known: a switch before was not recorded.
    bool is_certain = true;
  };

  /// Of events in time order. Between `gap_from_ns` and `gap_to_ns` some are missing; an empty gap: none are.
  explicit CpuOccupancy(std::span<const Event> events, std::uint64_t gap_from_ns = 0, std::uint64_t gap_to_ns = 0);

  /// They meet, from from_ns to to_ns; nothing if that is empty.
  [[nodiscard]] std::vector<Stretch> between(std::uint32_t cpu, std::uint64_t from_ns, std::uint64_t to_ns) const;

 private:
  struct Switch {
    std::uint64_t time_ns = 0;
    std::optional<std::int32_t> prev;
    std::int32_t next = 0;
  };
  void add(std::uint32_t cpu, const Switch& change);
  [[nodiscard]] Stretch stretch_from(std::span<const Switch> switches, std::uint64_t from_ns,
                                     std::uint64_t to_ns) const;

  std::map<std::uint32_t, std::vector<Switch>> switches_;
  std::uint64_t gap_from_ns_;
  std::uint64_t gap_to_ns_;
};

}  // namespace sockscope
