#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "parsers/tracepoint/format.h"

namespace sockscope::tracepoint {

/// The names a kernel gives to the values of one field, taken from the `{ 3, "NET_RX" }` list in the event's print
/// fmt. The numbers are that kernel's own: drop reasons are renumbered from release to release, so the list of the
/// recording is the only right one.
class Symbols {
 public:
  /// The list of the first __print_symbolic or __print_flags whose value mentions `field`. Empty when there is none,
  /// or nothing in it is a constant with a name.
  [[nodiscard]] static Symbols of(const Format& format, std::string_view field);

  /// The name of exactly this value; empty when the kernel gives it none.
  [[nodiscard]] std::string_view name_of(std::uint64_t value) const noexcept;

  /// All names by value. Of two names for one value the first counts, as it does when the kernel prints.
  [[nodiscard]] const std::map<std::uint64_t, std::string>& entries() const noexcept { return entries_; }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

 private:
  std::map<std::uint64_t, std::string> entries_;
};

}  // namespace sockscope::tracepoint
