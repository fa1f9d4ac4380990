#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "report/comparison.h"
#include "report/numbers.h"
#include "report/sections.h"

/// What there is to say of a recording of somebody's own programs: which, and what the whole session took.
namespace sockscope {
namespace {

using TotalMember = std::uint64_t SessionTotals::*;
constexpr std::array<std::pair<std::string_view, TotalMember>, 8> kTotals{{
    {"sockets", &SessionTotals::sockets},
    {"packets queued (skbs)", &SessionTotals::skbs},
    {"socket state changes", &SessionTotals::socket_state_changes},
    {"softirqs (NET_RX)", &SessionTotals::softirqs},
    {"system calls", &SessionTotals::syscalls},
    {"system calls before a socket", &SessionTotals::syscalls_before},
    {"context switches", &SessionTotals::context_switches},
    {"wake-ups", &SessionTotals::wakeups},
}};

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
  Comparison comparison(draft.summary.protocols);
  for (const auto& [label, member] : kTotals) {
    const auto total = [&draft, member](const ProtocolSummary& protocol) -> Figure {
      if (!protocol.traced || !protocol.traced->session) return {};
      return {static_cast<double>((*protocol.traced->session).*member),
              draft.doubts.about(protocol.protocol, Figures::kCounts)};
    };
    comparison.add(std::string(label), total, format_count_of);
  }
  if (comparison.grid().empty()) return;
  const auto messages = [](const ProtocolSummary& protocol) -> Figure {
    if (!protocol.traced || !protocol.traced->session) return {};
    return {static_cast<double>(protocol.traced->messages)};
  };
  comparison.add_values("messages", messages, format_count_of);
  draft.page.heading("TOTALS, traced", "the whole session, of the processes at its ends from their first socket on");
  draft.page.grid(comparison.grid());
}

}  // namespace sockscope
