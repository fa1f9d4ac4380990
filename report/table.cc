#include "report/table.h"

#include "report/sections.h"

namespace sockscope {

std::string render_table(const Summary& summary, const TableOptions& options) {
  TableDraft draft{.summary = summary, .doubts = Doubts(summary), .page = Page(options), .screen = options.screen};
  add_mode(draft);
  add_answer(draft);
  add_warnings(draft);
  add_findings(draft);
  add_programs(draft);
  add_compared(draft);
  add_latency(draft);
  add_measured(draft);
  add_counts(draft);
  add_totals(draft);
  add_stages(draft);
  add_devices(draft);
  add_corrected_stages(draft);
  add_waterfall(draft);
  add_threads(draft);
  add_tracing_cost(draft);
  add_counters(draft);
  add_data_quality(draft);
  add_laws(draft);
  add_missing(draft);
  add_facts(draft);
  return draft.page.str();
}

}  // namespace sockscope
