#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "report/comparison.h"
#include "report/numbers.h"
#include "report/sections.h"
#include "report/text.h"

/// What there is to say of sockets that were followed from their making to their end: whose they were, and what the
/// whole session took.
namespace sockscope {
namespace {

using TotalMember = std::uint64_t SessionTotals::*;
constexpr std::array<std::pair<std::string_view, TotalMember>, 10> kTotals{{
    {"sockets", &SessionTotals::sockets},
    {"packets queued (skbs)", &SessionTotals::skbs},
    {"  of them with data", &SessionTotals::data_skbs},
    {"socket state changes", &SessionTotals::socket_state_changes},
    {"softirqs (NET_RX)", &SessionTotals::softirqs},
    {"copies out of packets", &SessionTotals::copies},
    {"system calls", &SessionTotals::syscalls},
    {"system calls before a socket", &SessionTotals::syscalls_before},
    {"context switches", &SessionTotals::context_switches},
    {"wake-ups", &SessionTotals::wakeups},
}};

const SessionTotals* session_of(const VariantSummary& side) {
  return side.traced && side.traced->session ? &*side.traced->session : nullptr;
}

/// The rows of a table of sessions: as they are, or divided by the units of the workload.
class SessionTable {
 public:
  explicit SessionTable(const TableDraft& draft)
      : draft_(draft), is_divided_(!unit().empty()), comparison_(draft.summary.variants) {}

  /// What the workload counts; empty for programs.
  [[nodiscard]] std::string unit() const {
    for (const VariantSummary& side : draft_.summary.variants) {
      if (session_of(side) != nullptr && !side.traced->unit.empty()) return side.traced->unit;
    }
    return "";
  }

  void add(std::string label, const std::function<std::optional<std::uint64_t>(const SessionTotals&)>& count_of) {
    const auto figure = [&](const VariantSummary& side) -> Figure {
      const SessionTotals* const session = session_of(side);
      const auto count = session == nullptr ? std::nullopt : count_of(*session);
      if (!count) return {};
      auto value = static_cast<double>(*count);
      if (is_divided_ && side.traced->units == 0) return {};
      if (is_divided_) value /= static_cast<double>(side.traced->units);
      return {value, draft_.doubts.about(side.variant, Figures::kCounts)};
    };
    const bool is_there = std::ranges::any_of(draft_.summary.variants, [&](const VariantSummary& side) {
      return session_of(side) != nullptr && count_of(*session_of(side)).value_or(0) != 0;
    });
    if (is_divided_ && !is_there) return;
    comparison_.add(std::move(label), figure, is_divided_ ? format_per_round_trip : format_count_of);
  }

  void add_number(std::string label, std::uint64_t TracedSummary::* member) {
    const auto number = [member](const VariantSummary& side) -> Figure {
      if (session_of(side) == nullptr) return {};
      return {static_cast<double>((*side.traced).*member)};
    };
    comparison_.add_values(std::move(label), number, format_count_of);
  }

  [[nodiscard]] bool is_divided() const { return is_divided_; }
  [[nodiscard]] const Grid& grid() const { return comparison_.grid(); }

 private:
  const TableDraft& draft_;
  bool is_divided_;
  Comparison comparison_;
};

/// Every reason for which either variant's packets were dropped.
std::set<std::string> drop_reasons(const Summary& summary) {
  std::set<std::string> reasons;
  for (const VariantSummary& side : summary.variants) {
    if (const SessionTotals* const session = session_of(side)) {
      for (const auto& [reason, count] : session->drops) reasons.insert(reason);
    }
  }
  return reasons;
}

std::string end_of(int status) {
  constexpr int signalled = 128;
  return status > signalled ? fmt::format("ended by signal {}", status - signalled) : fmt::format("status {}", status);
}

}  // namespace

void add_programs(TableDraft& draft) {
  if (draft.summary.programs.empty()) return;
  draft.page.heading("PROGRAMS", "as they were recorded, and how they ended");
  for (const RecordedProgram& program : draft.summary.programs) {
    draft.page.text(
        fmt::format("{}: {} (pid {}, {})", program.role, program.command, program.pid, end_of(program.status)), "  ",
        "    ");
  }
}

void add_totals(TableDraft& draft) {
  SessionTable table(draft);
  for (const auto& [label, counted] : kTotals) {
    // Before a round begins, every process of a workload has its sockets.
    if (table.is_divided() && counted == &SessionTotals::syscalls_before) continue;
    const TotalMember member = counted;
    table.add(std::string(label), [member](const SessionTotals& session) { return std::optional(session.*member); });
  }
  for (const std::string& reason : drop_reasons(draft.summary)) {
    table.add("dropped: " + reason, [&reason](const SessionTotals& session) -> std::optional<std::uint64_t> {
      const auto found = session.drops.find(reason);
      return found == session.drops.end() ? std::nullopt : std::optional(found->second);
    });
  }
  if (table.grid().empty()) return;
  if (table.is_divided()) {
    table.add_number(table.unit() + "s counted", &TracedSummary::units);
    draft.page.heading(fmt::format("PER {}, traced", upper_case(table.unit())),
                       "what both ends' sockets and calls took in the whole round, by the number of these");
  } else {
    table.add_number("messages", &TracedSummary::messages);
    draft.page.heading("TOTALS, traced", "the whole session, of the processes at its ends from their first socket on");
  }
  draft.page.grid(table.grid());
}

}  // namespace sockscope
