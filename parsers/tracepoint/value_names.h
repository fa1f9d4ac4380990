#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/tracepoint/format.h"

namespace sockscope::tracepoint {

/// The names that a recording's own print fmt gives to the values of one field, made for one look-up per event.
class ValueNames {
 public:
  /// Of the first __print_symbolic or __print_flags that prints this field alone or with a mask. Empty when there is
  /// none. sched_switch's prev_state is named as TaskState does it.
  [[nodiscard]] static ValueNames of(const Format& format, std::string_view field);

  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

  /// The name of exactly this value; of flags, the names of all that are set, and what has no name as a number behind
  /// them. Empty when nothing of it has a name. Made in `scratch` if need be; valid as long as both are.
  [[nodiscard]] std::string_view name_of(std::uint64_t value, std::string& scratch) const;

 private:
  struct Entry {
    std::uint64_t value = 0;
    std::string name;
  };

  [[nodiscard]] static ValueNames of_task_state(const Format& sched_switch);
  [[nodiscard]] std::string_view find(std::uint64_t value) const noexcept;
  [[nodiscard]] std::string_view join(std::uint64_t value, std::string& scratch) const;

  std::vector<Entry> entries_;  // flags: in the order of the print fmt; else by value
  std::uint64_t mask_ = ~std::uint64_t{0};
  bool is_flags_ = false;
  std::string joint_;
};

}  // namespace sockscope::tracepoint
