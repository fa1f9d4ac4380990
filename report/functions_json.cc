#include "report/functions_json.h"

#include "report/functions_words.h"

namespace sockscope {
namespace {

Json facts_part(const Facts& facts) {
  Json json = Json::object();
  for (const auto& [name, value] : facts) json[name] = value;
  return json;
}

Json side_part(const FunctionsSide& side) {
  Json json{{"key", side.variant.key}, {"label", side.variant.label}, {"protocol", name_of(side.variant.protocol)}};
  if (!side.variant.description.empty()) json["description"] = side.variant.description;
  json["rounds"] = side.rounds;
  json["messages"] = side.messages;
  json["samples"] = side.samples;
  json["foreign_samples"] = side.foreign_samples;
  json["lost_events"] = side.lost_events;
  return json;
}

/// A floor that nobody could measure is null.
Json function_part(const ComparedFunction& function) {
  Json json{{"function", function.name}, {"a", rounded(function.rates[0])}, {"b", rounded(function.rates[1])}};
  json["difference"] = rounded(function.difference());
  const auto ratio = function.ratio();
  json["ratio"] = ratio ? Json(rounded(*ratio)) : Json(nullptr);
  json["floor"] = rounded(function.floor);
  json["differs"] = function.differs;
  return json;
}

Json functions_part(const std::vector<ComparedFunction>& functions) {
  Json json = Json::array();
  for (const ComparedFunction& function : functions) json.push_back(function_part(function));
  return json;
}

Json left_out_part(const LeftOut& left_out) {
  return {{"functions", left_out.functions}, {"a", rounded(left_out.rates[0])}, {"b", rounded(left_out.rates[1])}};
}

}  // namespace

Json functions_json(const FunctionsReport& report) {
  const FunctionComparison& compared = report.compared;
  Json json{{"schema", "sockscope.functions/1"},
            {"title", report.title},
            {"answer", answer_words(report)},
            {"unit", report.unit},
            {"hits", report.are_calls ? "calls" : "events"},
            {"min_rate", report.rule.min_rate},
            {"absent_rate", rounded(report.rule.absent_rate())},
            {"environment", facts_part(report.environment)},
            {"plan", facts_part(report.plan)},
            {"a", side_part(report.sides[0])},
            {"b", side_part(report.sides[1])}};
  json["only_in_a"] = functions_part(compared.only_a);
  json["only_in_b"] = functions_part(compared.only_b);
  json["in_both"] = functions_part(compared.both);
  json["unsettled"] = functions_part(compared.unsettled);
  json["left_out"] = {{"rare", left_out_part(compared.rare)}, {"tracing", left_out_part(compared.tracing)}};
  json["other_tracers"] = {{"programs", report.tracers}, {"bpf_programs", functions_part(compared.bpf_programs)}};
  json["data_quality"] = {{"complete", report.is_complete()},
                          {"lost_events", report.lost_events()},
                          {"damaged", report.is_damaged},
                          {"interrupted", report.interrupted},
                          {"warnings", doubt_words(report)}};
  return json;
}

std::string render_functions_json(const FunctionsReport& report) { return text_of(functions_json(report)); }

}  // namespace sockscope
