#pragma once

#include <functional>
#include <optional>

#include "analysis/summary.h"
#include "report/doubts.h"
#include "report/page.h"

/// The sections of the table, in the order in which they are printed. Each adds itself to the page, or nothing if the
/// summary has nothing for it.
namespace sockscope {

struct TableDraft {
  const Summary& summary;
  Doubts doubts;
  Page page;
  std::optional<Screen> screen;  ///< Where distributions are drawn.
};

void add_mode(TableDraft& draft);      ///< What was measured how.
void add_answer(TableDraft& draft);    ///< The comparison in one sentence.
void add_warnings(TableDraft& draft);  ///< What is wrong with it, and what the "!" means.
void add_findings(TableDraft& draft);  ///< What is well known and shows in the figures.
void add_programs(TableDraft& draft);  ///< Whose own programs were recorded, and how they ended.
void add_latency(TableDraft& draft);
void add_measured(TableDraft& draft);          ///< What the workload measured beside round trips.
void add_compared(TableDraft& draft);          ///< Every figure of a comparison, with interval and verdict.
void add_corrected_stages(TableDraft& draft);  ///< Without what tracing adds.
void add_waterfall(TableDraft& draft);         ///< The difference, stage by stage.
void add_counts(TableDraft& draft);
void add_totals(TableDraft& draft);  ///< Of a whole session of programs.
void add_stages(TableDraft& draft);
void add_devices(TableDraft& draft);  ///< Two of the stages, device by device.
void add_threads(TableDraft& draft);
void add_tracing_cost(TableDraft& draft);
void add_counters(TableDraft& draft);
void add_data_quality(TableDraft& draft);
void add_laws(TableDraft& draft);
void add_missing(TableDraft& draft);
void add_facts(TableDraft& draft);

/// Draws what the histogram of each variant is like, on a screen; a null one is none.
void add_distributions(TableDraft& draft, const std::function<const Histogram*(const VariantSummary&)>& times_of);

/// What the workload's counts are divided by: "round trip", "message".
[[nodiscard]] std::string unit_of(const Summary& summary);

/// Whether any variant was measured untraced, traced.
[[nodiscard]] bool has_untraced(const Summary& summary);
[[nodiscard]] bool has_traced(const Summary& summary);
/// Whether the trace of any variant has one; else its messages have no answers.
[[nodiscard]] bool has_round_trips(const Summary& summary);

}  // namespace sockscope
