#include "report/call_order.h"
#include "report/call_report.h"
#include "report/figure_json.h"

namespace sockscope {
namespace {

Json function_part(const CalledFunction& function) {
  Json json{{"name", function.name}, {"calls", function.calls}, {"unclosed", function.unclosed}};
  if (function.timed == 0) return json;
  json["timed"] = function.timed;
  json["self_ns"] = function.self_ns;
  json["total_ns"] = function.total_ns;
  json["min_ns"] = function.min_ns;
  json["max_ns"] = function.max_ns;
  return json;
}

Json children_part(const CallTree& tree, std::size_t node) {  // NOLINT(misc-no-recursion): as deep as a kernel stack
  Json children = Json::array();
  for (const std::size_t child : children_by_time(tree, node)) {
    const CallNode& one = tree.nodes[child];
    Json json{{"name", name_of(tree, one)}, {"calls", one.calls}, {"unclosed", one.unclosed}};
    if (tree.has_times()) {
      json["total_ns"] = one.total_ns;
      json["self_ns"] = one.self_ns;
    }
    json["children"] = children_part(tree, child);
    children.push_back(std::move(json));
  }
  return children;
}

Json laws_part(const CallTrace& trace) {
  Json laws = Json::array();
  for (const Law& law : laws_of(trace)) {
    laws.push_back({{"name", law.name}, {"holds", law.holds}, {"detail", law.detail}});
  }
  return laws;
}

Json quality_part(const CallTrace& trace) {
  return {{"complete", trace.is_complete()},
          {"lost_events", trace.lost_events},
          {"losses_uncounted", trace.losses_uncounted},
          {"unclosed", trace.tree.unclosed},
          {"unopened", trace.tree.unopened},
          {"too_short", trace.tree.too_short},
          {"unreadable", trace.unreadable},
          {"calls_of_other_functions", trace.tree.calls_of_others},
          {"calls_by_other_ways", trace.tree.calls_by_others},
          {"context_switches", trace.switches},
          {"interrupts", trace.interrupts},
          {"other_events", trace.other_events}};
}

}  // namespace

std::string render_call_json(const CallReport& report) {
  const CallTree& tree = report.trace.tree;
  Json json{
      {"schema", "sockscope.ftrace/1"}, {"path", report.path}, {"form", report.trace.form}, {"calls", tree.calls}};
  if (tree.has_times()) json["outermost_ns"] = tree.outermost_ns;
  json["cpus"] = report.trace.cpus;
  json["functions"] = Json::array();
  for (const CalledFunction* const function : by_self_time(tree)) json["functions"].push_back(function_part(*function));
  json["tree"] = children_part(tree, 0);
  json["laws"] = laws_part(report.trace);
  json["data_quality"] = quality_part(report.trace);
  return text_of(json);
}

}  // namespace sockscope
