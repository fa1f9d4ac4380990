#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/comparison.h"
#include "report/numbers.h"
#include "report/sections.h"
#include "report/warnings.h"

/// What speaks for and against the figures: how they were taken, what is wrong with them, which laws they keep.
namespace sockscope {
namespace {

void add_matched(TableDraft& draft) {
  for (const VariantSummary& side : draft.summary.variants) {
    if (!side.traced) continue;
    const TracedSummary& traced = *side.traced;
    if (!traced.is_followed) {
      if (traced.messages == 0) continue;  // no event of them was recorded
      draft.page.text(fmt::format("{}: {} messages counted, none followed to its receive", side.variant.label,
                                  format_count(traced.messages)),
                      "  ", "    ");
      continue;
    }
    draft.page.text(fmt::format("{}: {} of {} messages followed from send to receive ({})", side.variant.label,
                                format_count(traced.matched), format_count(traced.messages),
                                format_percent(traced.matched, traced.messages, 3)),
                    "  ", "    ");
  }
}

/// "this; or: that" as two lines.
std::string one_way_a_line(std::string fix) {
  constexpr std::string_view separator = "; or: ";
  for (std::size_t at = 0; (at = fix.find(separator, at)) != std::string::npos;) {
    fix[at] = '\n';
    fix.erase(at + 1, 1);
  }
  return fix;
}

std::vector<std::string> items_of(const Facts& facts) {
  std::vector<std::string> items;
  items.reserve(facts.size());
  for (const auto& [name, value] : facts) items.push_back(fmt::format("{}: {}", name, value));
  return items;
}

}  // namespace

void add_mode(TableDraft& draft) {
  const Summary& summary = draft.summary;
  const std::string command = summary.kind == Summary::Kind::kCompare ? "sockscope compare" : "sockscope report";
  draft.page.heading(command, summary.title);
  const std::string mode = summary.mode.empty() ? "mode" : "mode " + summary.mode;
  draft.page.text(fmt::format("{}: {}", mode, describe_mode(summary)), "", "  ");
}

void add_warnings(TableDraft& draft) {
  for (const std::string& warning : warnings_of(draft.summary)) draft.page.warning(warning);
  if (draft.doubts.any()) {
    draft.page.warning("A figure marked ! depends on what is named above: do not take it at its word.");
  }
}

void add_data_quality(TableDraft& draft) {
  const DataQuality& quality = draft.summary.data_quality;
  if (!has_traced(draft.summary) && quality.complete()) return;
  draft.page.heading("DATA QUALITY", quality.complete() ? "complete" : "INCOMPLETE");
  draft.page.items({fmt::format("events lost: {}", format_count(quality.lost_events)),
                    fmt::format("not decoded: {}", format_count(quality.undecoded_events)),
                    fmt::format("records skipped: {}", format_count(quality.skipped_records)),
                    fmt::format("out of order: {}", format_count(quality.out_of_order_records)),
                    fmt::format("truncated: {}", quality.truncated ? "yes" : "no"),
                    fmt::format("messages not followed: {}", format_count(quality.unmatched_messages)),
                    fmt::format("wake-ups not followed: {}", format_count(quality.unmatched_wakeups))});
  add_matched(draft);
  if (quality.switch_ins == 0) return;
  draft.page.text(fmt::format("switch-ins: {}, of which {} ({}) were seen by PERF_RECORD_SWITCH alone",
                              format_count(quality.switch_ins), format_count(quality.switch_ins_from_records),
                              format_percent(quality.switch_ins_from_records, quality.switch_ins)),
                  "  ", "    ");
}

void add_laws(TableDraft& draft) {
  const auto& laws = draft.summary.laws;
  if (laws.empty()) return;
  const std::size_t failing = draft.doubts.failing_laws();
  draft.page.heading("LAWS", failing == 0 ? fmt::format("all {} hold", laws.size())
                                          : fmt::format("{} of {} FAIL", failing, laws.size()));
  for (const Law& law : laws) {
    const std::string line = law.detail.empty() ? law.name : fmt::format("{}: {}", law.name, law.detail);
    if (law.holds) {
      draft.page.text(line, "  ok     ", "         ");
    } else {
      draft.page.failure(line, "  FAILS  ", "         ");
    }
  }
}

void add_missing(TableDraft& draft) {
  if (draft.summary.missing.empty()) return;
  draft.page.heading("NOT MEASURED", "each with what would enable it");
  for (const Missing& missing : draft.summary.missing) {
    draft.page.text(missing.what, "  ", "  ");
    draft.page.command(one_way_a_line(missing.fix), "      ");
  }
}

void add_facts(TableDraft& draft) {
  for (const auto& [title, facts] :
       {std::pair{"PLAN", &draft.summary.plan}, std::pair{"ENVIRONMENT", &draft.summary.environment}}) {
    if (facts->empty()) continue;
    draft.page.heading(title);
    draft.page.items(items_of(*facts));
  }
}

}  // namespace sockscope
