#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/comparison.h"
#include "report/numbers.h"
#include "report/sections.h"

/// What speaks for and against the figures: how they were taken, what is wrong with them, which laws they keep.
namespace sockscope {
namespace {

std::string describe_mode(const Summary& summary) {
  const bool traced = has_traced(summary);
  const bool untraced = has_untraced(summary);
  if (!traced && !untraced) return "nothing was measured";
  if (!traced) return "nothing was traced; latency and counters by the workload, getrusage and libperf";
  if (untraced) return "latency from untraced rounds; counts, stages and switches from traced rounds";
  return "everything is from the trace, so the times contain what tracing costs";
}

/// "1 event", "2 events".
std::string counted(std::uint64_t count, const std::string& singular, const std::string& plural) {
  return format_count(count) + " " + (count == 1 ? singular : plural);
}

void warn_of_lost_round_trips(TableDraft& draft, const VariantSummary& side, std::uint64_t lost, const char* how) {
  if (lost == 0) return;
  draft.page.warning(fmt::format("{}, {}: {} given up after the receive time-out, in no percentile.",
                                 side.variant.label, how, counted(lost, "round trip was", "round trips were")));
}

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
  const DataQuality& quality = draft.summary.data_quality;
  if (draft.summary.interrupted) {
    draft.page.warning("Interrupted: only the rounds that were finished are in these figures.");
  }
  if (quality.lost_events != 0) {
    draft.page.warning(fmt::format("{} lost: a buffer was full. Less load on the machine, or fewer events, avoid it.",
                                   counted(quality.lost_events, "event was", "events were")));
  }
  if (quality.undecoded_events != 0) {
    draft.page.warning(
        fmt::format("{} not be decoded.", counted(quality.undecoded_events, "event could", "events could")));
  }
  if (quality.truncated) draft.page.warning("The recording is truncated: it ends within a record.");
  for (const VariantSummary& side : draft.summary.variants) {
    if (side.untraced) warn_of_lost_round_trips(draft, side, side.untraced->lost, "untraced");
    if (side.traced) warn_of_lost_round_trips(draft, side, side.traced->lost, "traced");
  }
  for (const Law& law : draft.summary.laws) {
    if (!law.holds) draft.page.warning(fmt::format("A law fails: {} ({})", law.name, law.detail));
  }
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
