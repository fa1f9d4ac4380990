#include "parsers/tracepoint/task_state.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "parsers/tracepoint/constant_expression.h"
#include "parsers/tracepoint/print_fmt.h"

namespace sockscope::tracepoint {
namespace {

// The constant that the first "REC->prev_state & (...)" masks with.
std::optional<std::uint64_t> mask_in(std::string_view print_fmt) {
  constexpr std::string_view masking = "REC->prev_state & ";
  const std::size_t at = print_fmt.find(masking);
  if (at == std::string_view::npos) return std::nullopt;
  const auto expression = inside_brackets(print_fmt, at + masking.size());
  return expression ? evaluate_constant(*expression) : std::nullopt;
}

std::uint64_t all_flags(const Symbols& names) {
  std::uint64_t flags = 0;
  for (const auto& [flag, name] : names.entries()) flags |= flag;
  return flags;
}

}  // namespace

TaskState TaskState::of(const Format& sched_switch) {
  TaskState state;
  state.names_ = Symbols::of(sched_switch, "prev_state");
  std::uint64_t mask = mask_in(sched_switch.print_fmt).value_or(0);
  if (mask == 0) mask = all_flags(state.names_);
  state.mask_is_known_ = mask != 0;
  if (state.mask_is_known_) state.mask_ = mask;
  return state;
}

std::string TaskState::text(std::int64_t prev_state) const {
  const auto bits = static_cast<std::uint64_t>(prev_state);
  std::string text;
  std::uint64_t left = bits & mask_;
  const auto append = [&text](std::string_view part) { text.append(text.empty() ? "" : "|").append(part); };
  for (const auto& [flag, name] : names_.entries()) {
    if (flag == 0 || (left & flag) != flag) continue;
    append(name);
    left &= ~flag;
  }
  if (left != 0) append(fmt::format("{:#x}", left));
  if (text.empty()) text.push_back('R');
  // The bit above the states says "preempted": TASK_REPORT_MAX since 4.14, TASK_STATE_MAX before.
  if ((bits & (mask_ + 1)) != 0) text += '+';
  return text;
}

}  // namespace sockscope::tracepoint
