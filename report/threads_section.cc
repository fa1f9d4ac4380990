#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "base/printable.h"
#include "report/comparison.h"
#include "report/numbers.h"
#include "report/sections.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 32;
constexpr std::size_t kCommWidth = 15;  // what the kernel keeps of a name

/// One end of one variant's connection.
struct End {
  std::string title;
  const ThreadSummary* traced = nullptr;
  const SwitchCounts* untraced = nullptr;
  bool doubtful = false;
};

std::vector<End> ends_of(const TableDraft& draft) {
  std::vector<End> ends;
  for (const VariantSummary& side : draft.summary.variants) {
    const std::string title = side.variant.label;
    const auto& traced = side.traced;
    const auto& untraced = side.untraced;
    const bool doubtful = draft.doubts.about(side.variant, Figures::kThreads);
    ends.push_back(
        {title + " client", traced ? &traced->client : nullptr, untraced ? &untraced->client : nullptr, doubtful});
    ends.push_back(
        {title + " server", traced ? &traced->server : nullptr, untraced ? &untraced->server : nullptr, doubtful});
  }
  return ends;
}

std::vector<Grid::Column> columns_of(const std::vector<End>& ends) {
  std::vector<Grid::Column> columns;
  columns.reserve(ends.size());
  for (const End& end : ends) columns.push_back({end.title});
  return columns;
}

Cell count_cell(std::uint64_t count, bool doubtful = false) { return {format_count(count), doubtful}; }

class ThreadTable {
 public:
  explicit ThreadTable(const TableDraft& draft) : ends_(ends_of(draft)), grid_(kLabelWidth, columns_of(ends_)) {}

  /// A row; `cell_of_end` gives the cell of an end, empty if it has none. Left out if no end has one.
  void add(std::string label, const std::function<Cell(const End&)>& cell_of_end) {
    std::vector<Cell> cells;
    std::ranges::transform(ends_, std::back_inserter(cells), cell_of_end);
    if (std::ranges::all_of(cells, [](const Cell& cell) { return cell.text.empty(); })) return;
    for (Cell& cell : cells) {
      if (cell.text.empty()) cell.text = "-";
    }
    grid_.add_row("  " + std::move(label), std::move(cells));
  }

  void add_traced(std::string label, const std::function<Cell(const ThreadSummary&, bool)>& cell_of_thread) {
    add(std::move(label),
        [&](const End& end) { return end.traced == nullptr ? Cell{} : cell_of_thread(*end.traced, end.doubtful); });
  }

  /// The three counts that should agree: by the trace, by getrusage in the same rounds, and without tracing.
  void add_switches(const std::string& kind, std::uint64_t SwitchCounts::* member) {
    add_traced(kind + " switches (trace)", [member](const ThreadSummary& thread, bool doubtful) {
      return count_cell(thread.traced.*member, doubtful);
    });
    add_traced(kind + " (getrusage)", [member](const ThreadSummary& thread, bool) {
      return thread.getrusage ? count_cell((*thread.getrusage).*member) : Cell{};
    });
    add(kind + " (untraced rounds)",
        [member](const End& end) { return end.untraced == nullptr ? Cell{} : count_cell(end.untraced->*member); });
  }

  void add_share(std::string label, std::uint64_t ThreadSummary::* part) {
    add_traced(std::move(label), [part](const ThreadSummary& thread, bool doubtful) {
      const std::uint64_t whole = thread.running_ns + thread.runnable_ns + thread.sleeping_ns;
      return whole == 0 ? Cell{} : Cell{format_percent(thread.*part, whole), doubtful};
    });
  }

  void add_sch_delay(std::string label, double quantile) {
    add_traced(std::move(label), [quantile](const ThreadSummary& thread, bool doubtful) {
      const Histogram& delay = thread.sch_delay;
      return delay.empty() ? Cell{} : Cell{format_us(static_cast<double>(delay.quantile(quantile))), doubtful};
    });
  }

  [[nodiscard]] const Grid& grid() const { return grid_; }

 private:
  std::vector<End> ends_;
  Grid grid_;
};

}  // namespace

void add_threads(TableDraft& draft) {
  ThreadTable table(draft);
  table.add_traced("command", [](const ThreadSummary& thread, bool) {
    return Cell{clip(printable(thread.comm), kCommWidth), false};
  });
  table.add_switches("voluntary", &SwitchCounts::voluntary);
  table.add_switches("involuntary", &SwitchCounts::involuntary);
  table.add_share("running", &ThreadSummary::running_ns);
  table.add_share("runnable, waiting for a CPU", &ThreadSummary::runnable_ns);
  table.add_share("sleeping", &ThreadSummary::sleeping_ns);
  table.add_traced("migrations",
                   [](const ThreadSummary& thread, bool doubtful) { return count_cell(thread.migrations, doubtful); });
  table.add_sch_delay("woken to running, p50 (us)", 0.5);
  table.add_sch_delay("woken to running, p99 (us)", 0.99);
  if (table.grid().empty()) return;
  draft.page.heading("CONTEXT SWITCHES AND TIME OF EACH END", "all rounds together");
  draft.page.grid(table.grid());
}

}  // namespace sockscope
