#include "parsers/tracepoint/value_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "parsers/tracepoint/constant_expression.h"
#include "parsers/tracepoint/name_calls.h"
#include "parsers/tracepoint/print_fmt.h"
#include "parsers/tracepoint/task_state.h"

namespace sockscope::tracepoint {
namespace {

constexpr std::uint64_t kWhole = ~std::uint64_t{0};

// Above it no kernel has states: 4.13 and older had 12 of them.
constexpr std::uint64_t kMaxTaskStateMask = 0xfff;

// `(REC->flags)` without its parentheses, `(unsigned long)REC->flags` without its cast.
std::string_view bare(std::string_view expression) {
  while (expression.starts_with('(')) {
    const auto inside = inside_brackets(expression, 0);
    if (!inside) return expression;
    const std::string_view behind = expression.substr(inside->size() + 2);
    const bool is_cast = std::ranges::all_of(*inside, [](char c) { return is_identifier_char(c) || c == ' '; });
    if (!behind.empty() && !is_cast) return expression;
    expression = behind.empty() ? *inside : behind;
  }
  return expression;
}

// The bits of the field that the expression is; nothing when it is more than the field, or the field and a mask.
std::optional<std::uint64_t> mask_of(std::string_view expression, std::string_view field) {
  constexpr std::string_view record = "REC->";
  expression = bare(expression);
  std::uint64_t mask = kWhole;
  if (const std::size_t at = expression.find(" & "); at != std::string_view::npos) {
    const auto constant = evaluate_constant(expression.substr(at + 3));
    if (!constant) return std::nullopt;
    mask = *constant;
    expression = bare(expression.substr(0, at));
  }
  if (!expression.starts_with(record) || expression.substr(record.size()) != field) return std::nullopt;
  return mask;
}

}  // namespace

ValueNames ValueNames::of(const Format& format, std::string_view field) {
  if (format.system == "sched" && format.name == "sched_switch" && field == "prev_state") return of_task_state(format);
  ValueNames names;
  for (const NameCall& call : name_calls(format.print_fmt)) {
    const auto mask = mask_of(call.value, field);
    if (!mask || call.names.empty()) continue;
    names.mask_ = *mask;
    names.is_flags_ = call.is_flags;
    names.joint_ = call.joint;
    if (call.is_flags) {
      for (const auto& [value, name] : call.names) names.entries_.push_back({value, std::string(name)});
    } else {
      // Of two names for one value the first counts, as it does when the kernel prints.
      const std::map<std::uint64_t, std::string_view> by_value(call.names.begin(), call.names.end());
      for (const auto& [value, name] : by_value) names.entries_.push_back({value, std::string(name)});
    }
    return names;
  }
  return names;
}

ValueNames ValueNames::of_task_state(const Format& sched_switch) {
  ValueNames names;
  const TaskState state = TaskState::of(sched_switch);
  if (state.mask() > kMaxTaskStateMask) return names;
  // Every state, and each of them once more with the bit above that says "preempted".
  names.mask_ = state.mask() | (state.mask() + 1);
  for (std::uint64_t value = 0; value <= names.mask_; ++value) {
    names.entries_.push_back({value, state.text(static_cast<std::int64_t>(value))});
  }
  return names;
}

std::string_view ValueNames::name_of(std::uint64_t value, std::string& scratch) const {
  value &= mask_;
  return is_flags_ ? join(value, scratch) : find(value);
}

std::string_view ValueNames::find(std::uint64_t value) const noexcept {
  // Most lists are numbers in a row.
  const std::uint64_t guess = value - entries_.front().value;
  if (guess < entries_.size() && entries_[guess].value == value && (guess == 0 || entries_[guess - 1].value != value))
      [[likely]] {
    return entries_[guess].name;
  }
  const auto at = std::ranges::lower_bound(entries_, value, {}, &Entry::value);
  return at == entries_.end() || at->value != value ? std::string_view() : std::string_view(at->name);
}

std::string_view ValueNames::join(std::uint64_t value, std::string& scratch) const {
  scratch.clear();
  for (const Entry& flag : entries_) {
    if (flag.value == 0 || (value & flag.value) != flag.value) continue;
    if (!scratch.empty()) scratch += joint_;
    scratch += flag.name;
    value &= ~flag.value;
  }
  if (!scratch.empty() && value != 0) fmt::format_to(std::back_inserter(scratch), "{}{:#x}", joint_, value);
  return scratch;
}

}  // namespace sockscope::tracepoint
