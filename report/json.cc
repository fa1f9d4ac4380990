#include "report/json.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "report/device_json.h"
#include "report/doubts.h"
#include "report/findings.h"
#include "report/rates.h"
#include "report/report_json.h"

namespace sockscope {
namespace {

std::int64_t whole_ns(double nanoseconds) { return std::llround(nanoseconds); }

std::string_view name_of(Figures figures) {
  switch (figures) {
    case Figures::kAllTraced:
      return "traced";
    case Figures::kRoundTripTimes:
      return "round_trip_times";
    case Figures::kCounts:
      return "counts";
    case Figures::kStages:
      return "stages";
    case Figures::kThreads:
      return "threads";
  }
  return "unknown";
}

/// Without values there is only the count: no percentile is zero.
Json distribution(const Histogram& histogram) {
  Json json{{"count", histogram.count()}};
  if (histogram.empty()) return json;
  json["min"] = histogram.min();
  json["p50"] = histogram.quantile(0.5);
  json["p90"] = histogram.quantile(0.9);
  json["p99"] = histogram.quantile(0.99);
  json["p999"] = histogram.quantile(0.999);
  json["max"] = histogram.max();
  json["sum"] = histogram.sum();
  return json;
}

Json switches(const SwitchCounts& counts) {
  return {{"voluntary", counts.voluntary}, {"involuntary", counts.involuntary}};
}

Json facts(const Facts& facts) {
  Json json = Json::object();
  for (const auto& [name, value] : facts) json[name] = value;
  return json;
}

void add_measured(Json& json, const UntracedSummary& untraced) {
  const Measurements& measured = untraced.measured;
  if (measured.units == 0 && measured.times.empty() && measured.counts.empty()) return;
  json["unit"] = measured.unit;
  json["units"] = measured.units;
  json["measured_ns"] = untraced.measured_ns;
  Json times = Json::object();
  for (const auto& [name, histogram] : measured.times) times[name + "_ns"] = distribution(histogram);
  json["times"] = std::move(times);
  Json counts = Json::object();
  for (const auto& [name, count] : measured.counts) counts[name] = count;
  json["counts"] = std::move(counts);
  if (const auto goodput = goodput_bits_per_s(measured)) json["goodput_bits_per_s"] = whole_ns(*goodput);
}

Json untraced_part(const UntracedSummary& untraced) {
  Json counters = Json::object();
  for (const auto& [name, value] : untraced.counters) counters[name] = value;
  Json json{{"rtt_ns", distribution(untraced.rtt)},
            {"lost_round_trips", untraced.lost},
            {"context_switches", {{"client", switches(untraced.client)}, {"server", switches(untraced.server)}}},
            {"counters", std::move(counters)},
            {"counted_units", untraced.counted}};
  add_measured(json, untraced);
  if (!untraced.client_socket.empty()) {
    json["socket"] = {{"client", facts(untraced.client_socket)}, {"server", facts(untraced.server_socket)}};
  }
  return json;
}

Json traced_part(const TracedSummary& traced, bool reliable) {
  Json json{{"reliable", reliable}, {"rtt_ns", distribution(traced.rtt)}};
  json["request_one_way_ns"] = distribution(traced.request_one_way);
  json["response_one_way_ns"] = distribution(traced.response_one_way);
  if (!traced.period.empty()) json["period_ns"] = distribution(traced.period);
  if (!traced.workload_rtt.empty()) json["workload_rtt_ns"] = distribution(traced.workload_rtt);
  json["lost_round_trips"] = traced.lost;
  json["messages"] = traced.messages;
  if (traced.is_followed) json["matched"] = traced.matched;
  return json;
}

Json per_round_trip(const PathCounts& counts) {
  const auto share = [&counts](std::uint64_t count) { return rounded(counts.per_round_trip(count)); };
  return {{"syscalls", share(counts.syscalls)},
          {"skbs", share(counts.skbs)},
          {"softirqs", share(counts.softirqs)},
          {"context_switches", share(counts.context_switches)},
          {"wakeups", share(counts.wakeups)}};
}

Json totals(const PathCounts& counts) {
  return {{"round_trips", counts.round_trips},
          {"syscalls", counts.syscalls},
          {"skbs", counts.skbs},
          {"softirqs", counts.softirqs},
          {"context_switches", counts.context_switches},
          {"wakeups", counts.wakeups}};
}

Json totals_of_session(const TracedSummary& traced) {
  const SessionTotals& session = *traced.session;
  return {{"round_trips", traced.rtt.count()},
          {"syscalls", session.syscalls},
          {"skbs", session.skbs},
          {"softirqs", session.softirqs},
          {"context_switches", session.context_switches},
          {"wakeups", session.wakeups},
          {"socket_state_changes", session.socket_state_changes},
          {"sockets", session.sockets},
          {"syscalls_before_sockets", session.syscalls_before},
          {"data_skbs", session.data_skbs},
          {"copies", session.copies},
          {"receive_queue_drops", session.receive_queue_drops},
          {"drops", session.drops}};
}

Json per_unit(const TracedSummary& traced) {
  const SessionTotals& session = *traced.session;
  const auto share = [&traced](std::uint64_t count) {
    return rounded(static_cast<double>(count) / static_cast<double>(traced.units));
  };
  return {{"unit", traced.unit},
          {"units", traced.units},
          {"syscalls", share(session.syscalls)},
          {"skbs", share(session.skbs)},
          {"data_skbs", share(session.data_skbs)},
          {"softirqs", share(session.softirqs)},
          {"context_switches", share(session.context_switches)},
          {"wakeups", share(session.wakeups)},
          {"socket_state_changes", share(session.socket_state_changes)},
          {"sockets", share(session.sockets)},
          {"copies", share(session.copies)}};
}

Json programs(const std::vector<RecordedProgram>& programs) {
  Json list = Json::array();
  for (const RecordedProgram& program : programs) {
    list.push_back(
        {{"role", program.role}, {"command", program.command}, {"pid", program.pid}, {"status", program.status}});
  }
  return list;
}

Json stages(const std::vector<StageSummary>& stages) {
  Json list = Json::array();
  for (const StageSummary& stage : stages) {
    Json json{{"direction", name_of(stage.direction)},
              {"name", name_of(stage.stage)},
              {"count", stage.durations.count()},
              {"absent", stage.absent}};
    if (!stage.durations.empty()) {
      json["p50_ns"] = stage.durations.quantile(0.5);
      json["mean_ns"] = whole_ns(stage.durations.mean());
      json["sum_ns"] = stage.durations.sum();
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json traced_switches(const ThreadSummary& thread) {
  Json json = switches(thread.traced);
  if (thread.getrusage) {
    json["getrusage_voluntary"] = thread.getrusage->voluntary;
    json["getrusage_involuntary"] = thread.getrusage->involuntary;
  }
  return json;
}

Json thread_times(const ThreadSummary& thread) {
  return {{"comm", thread.comm},
          {"running_ns", thread.running_ns},
          {"runnable_ns", thread.runnable_ns},
          {"sleeping_ns", thread.sleeping_ns},
          {"migrations", thread.migrations},
          {"sch_delay_ns", distribution(thread.sch_delay)}};
}

void add_estimate(Json& json, std::string_view name, const Estimate& estimate) {
  json[name] = rounded(estimate.value);
  if (!estimate.ci95) return;
  const std::string stem(name.substr(0, name.size() - std::string_view("_ns").size()));
  json[stem + "_ci95_ns"] = {rounded(estimate.ci95->low), rounded(estimate.ci95->high)};
}

Json probe_effect_part(const ProbeEffect& effect) {
  Json json{{"pairs", effect.pairs},
            {"events", rounded(effect.events)},
            {"nested_events", rounded(effect.nested_events)},
            {"traced_ns", rounded(effect.traced_ns)}};
  add_estimate(json, "event_ns", effect.event_ns);
  add_estimate(json, "corrected_ns", effect.corrected_ns);
  if (effect.untraced_p50_ns) json["untraced_p50_ns"] = rounded(*effect.untraced_p50_ns);
  if (const auto gap = effect.gap()) json["gap"] = rounded(*gap);
  for (const CorrectedPart& part : effect.parts) {
    Json one{{"direction", name_of(part.direction)},
             {"name", name_of(part.stage)},
             {"traced_ns", rounded(part.traced_ns)},
             {"events", rounded(part.events)}};
    add_estimate(one, "corrected_ns", part.corrected_ns);
    json["parts"].push_back(std::move(one));
  }
  return json;
}

Json variant_part(const VariantSummary& side, const Doubts& doubts) {
  Json json = Json::object();
  if (!side.variant.description.empty()) {
    json["description"] = side.variant.description;
    json["protocol"] = name_of(side.variant.protocol);
  }
  if (side.untraced) json["untraced"] = untraced_part(*side.untraced);
  if (!side.traced) return json;
  const TracedSummary& traced = *side.traced;
  json["traced"] = traced_part(traced, !doubts.about(side.variant, Figures::kAllTraced));
  if (traced.counts.round_trips != 0 && traced.unit.empty()) {
    json["per_round_trip"] = per_round_trip(traced.counts);
    json["totals"] = totals(traced.counts);
  }
  if (traced.session) json["totals"] = totals_of_session(traced);
  if (traced.session && traced.units != 0) json["per_unit"] = per_unit(traced);
  json["stages"] = stages(traced.stages);
  if (const auto steps = traced.devices.steps(); !steps.empty()) json["devices"] = devices_part(steps);
  json["context_switches"] = {{"client", traced_switches(traced.client)}, {"server", traced_switches(traced.server)}};
  json["threads"] = {{"client", thread_times(traced.client)}, {"server", thread_times(traced.server)}};
  if (const auto cost = side.tracing_cost()) json["tracing_cost"] = rounded(*cost);
  if (side.probe_effect) json["probe_effect"] = probe_effect_part(*side.probe_effect);
  return json;
}

Json waterfall_part(const Waterfall& waterfall) {
  Json steps = Json::array();
  for (const WaterfallStep& step : waterfall.steps) {
    Json json{{"name", step.name}, {"difference_ns", rounded(step.difference_ns.value)}};
    if (const auto& interval = step.difference_ns.ci95) {
      json["ci95_ns"] = {rounded(interval->low), rounded(interval->high)};
    }
    steps.push_back(std::move(json));
  }
  return {{"from_ns", rounded(waterfall.from_ns)}, {"to_ns", rounded(waterfall.to_ns)}, {"steps", std::move(steps)}};
}

Json modes_part(const RunModes& modes) {
  const auto mode = [](const RunMode& one) { return Json{{"centre_ns", rounded(one.centre)}, {"runs", one.runs}}; };
  Json json{{"fast", mode(modes.fast)}};
  if (modes.slow) json["slow"] = mode(*modes.slow);
  return json;
}

Json disturbed_part(const std::vector<DisturbedPair>& disturbed) {
  Json list = Json::array();
  for (const DisturbedPair& pair : disturbed) {
    Json by = Json::array();
    for (const Contamination& one : pair.by) by.push_back({{"contaminant", name_of(one.by)}, {"what", one.what}});
    list.push_back({{"round", pair.round},
                    {"watched", name_of(pair.watched)},
                    {"repeated", pair.is_repeated},
                    {"by", std::move(by)}});
  }
  return list;
}

Json comparison_part(const VariantComparison& comparison, const Variant& a, const Variant& b) {
  Json json{{"a", a.key}, {"b", b.key}, {"smallest_effect", rounded(comparison.rule.smallest_effect)}};
  if (const auto* rtt = comparison.find(Watched::kUntraced, "rtt_p50_ns")) json["rtt"] = compared_figure(*rtt);
  for (const ComparedFigure& figure : comparison.figures) {
    json[name_of(figure.watched)][figure.name] = compared_figure(figure);
  }
  Json modes = Json::object();
  for (std::size_t i = 0; i < comparison.modes.size(); ++i) modes[i == 0 ? "a" : "b"] = modes_part(comparison.modes[i]);
  if (!modes.empty()) json["modes"] = std::move(modes);
  for (const RunPair& pair : comparison.outliers) {
    json["outliers"].push_back({{"round", pair.round}, {"ratio", rounded(pair.a / pair.b)}});
  }
  if (!comparison.waterfall.steps.empty()) json["waterfall"] = waterfall_part(comparison.waterfall);
  return json;
}

Json laws(const std::vector<Law>& laws) {
  Json list = Json::array();
  for (const Law& law : laws) {
    Json json{{"name", law.name}, {"holds", law.holds}, {"detail", law.detail}, {"concerns", name_of(law.concerns)}};
    if (!law.variant.empty()) json["protocol"] = law.variant;
    list.push_back(std::move(json));
  }
  return list;
}

Json data_quality(const DataQuality& quality) {
  return {{"complete", quality.complete()},
          {"lost_events", quality.lost_events},
          {"undecoded_events", quality.undecoded_events},
          {"unmatched_messages", quality.unmatched_messages},
          {"unmatched_wakeups", quality.unmatched_wakeups},
          {"out_of_order_records", quality.out_of_order_records},
          {"skipped_records", quality.skipped_records},
          {"truncated", quality.truncated},
          {"switch_ins", quality.switch_ins},
          {"switch_ins_from_records", quality.switch_ins_from_records}};
}

Json missing_parts(const std::vector<Missing>& missing) {
  Json list = Json::array();
  for (const Missing& one : missing) list.push_back({{"what", one.what}, {"fix", one.fix}});
  return list;
}

Json findings_part(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& one : findings) {
    list.push_back({{"name", one.name}, {"protocol", one.variant.key}, {"detail", one.detail}});
  }
  return list;
}

/// Whole numbers as such: of what is swept, all but rates are.
Json swept_value(double value) {
  const auto whole = static_cast<std::uint64_t>(value);
  return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

/// The headline's figure of each variant, by value.
Json series_of(const Sweep& sweep) {
  Json series = Json::object();
  for (const auto& [value, summary] : sweep.points) {
    const ComparedFigure* const headline = summary.comparison ? summary.comparison->headline() : nullptr;
    if (headline == nullptr) continue;
    for (const auto& [side, figure] : {std::pair(0U, headline->result.a), std::pair(1U, headline->result.b)}) {
      series[summary.variants[side].variant.key].push_back(
          {{name_of(sweep.by), swept_value(value)}, {headline->name, rounded(figure)}});
    }
  }
  return series;
}

}  // namespace

Json report_json(const Summary& summary) {
  const bool compare = summary.kind == Summary::Kind::kCompare;
  const Doubts doubts(summary);
  Json json;
  json["schema"] = compare ? "sockscope.compare/1" : "sockscope.report/1";
  json["mode"] = summary.mode;
  json["title"] = summary.title;
  json["interrupted"] = summary.interrupted;
  json["environment"] = facts(summary.environment);
  json["plan"] = facts(summary.plan);
  if (!summary.programs.empty()) json["programs"] = programs(summary.programs);
  Json variants = Json::object();
  for (const VariantSummary& side : summary.variants) {
    variants[side.variant.key] = variant_part(side, doubts);
  }
  json["protocols"] = std::move(variants);
  if (summary.comparison) {
    json["comparison"] = comparison_part(*summary.comparison, summary.variants[0].variant, summary.variants[1].variant);
  }
  json["laws"] = laws(summary.laws);
  json["data_quality"] = data_quality(summary.data_quality);
  if (!summary.disturbed.empty()) json["disturbed"] = disturbed_part(summary.disturbed);
  json["missing"] = missing_parts(summary.missing);
  const auto findings = findings_of(summary);
  if (!findings.empty()) json["findings"] = findings_part(findings);
  return json;
}

Json sweep_json(const Sweep& sweep) {
  Json json{{"schema", "sockscope.sweep/1"}, {"swept", name_of(sweep.by)}, {"values", Json::array()}};
  for (const SweptSummary& one : sweep.points) json["values"].push_back(swept_value(one.value));
  json["series"] = series_of(sweep);
  json["reports"] = Json::array();
  for (const SweptSummary& one : sweep.points) json["reports"].push_back(report_json(one.summary));
  return json;
}

std::string render_json(const Summary& summary) { return text_of(report_json(summary)); }

std::string render_json_sweep(const Sweep& sweep) { return text_of(sweep_json(sweep)); }

}  // namespace sockscope
