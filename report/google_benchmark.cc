#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "report/gate_report.h"

namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTimeSuffix = "_ns";

/// The name that Google Benchmark would give it: "tcp/rtt_p50".
std::string benchmark_name(const VariantRuns& variant, std::string_view time) {
  return variant.key + "/" + std::string(time.substr(0, time.size() - kTimeSuffix.size()));
}

/// What every run of a benchmark says about itself.
Json head_of(const std::string& name, std::size_t family, std::size_t repetitions, std::size_t repetition) {
  return {{"name", name},
          {"family_index", family},
          {"per_family_instance_index", 0},
          {"run_name", name},
          {"run_type", "iteration"},
          {"repetitions", repetitions},
          {"repetition_index", repetition},
          {"threads", 1}};
}

/// Times of runs that nobody watched; the counts have no place among times. There is no CPU time of a median, so the
/// time itself stands there: compare.py would divide by a zero.
void add_benchmarks(const VariantRuns& variant, std::string_view time, Json& benchmarks, std::size_t family) {
  std::vector<double> values;
  for (const RunFigures& run : variant.runs) {
    if (run.watched != Watched::kUntraced) continue;
    for (const auto& [name, value] : run.values) {
      if (name == time) values.push_back(value);
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    Json one = head_of(benchmark_name(variant, time), family, values.size(), i);
    one["iterations"] = 1;
    one["real_time"] = values[i];
    one["cpu_time"] = values[i];
    one["time_unit"] = "ns";
    benchmarks.push_back(std::move(one));
  }
}

std::vector<std::string> times_of(const VariantRuns& variant) {
  std::vector<std::string> times;
  for (const RunFigures& run : variant.runs) {
    if (run.watched != Watched::kUntraced) continue;
    for (const auto& [name, value] : run.values) {
      if (name.ends_with(kTimeSuffix) && std::ranges::find(times, name) == times.end()) times.push_back(name);
    }
  }
  return times;
}

}  // namespace

std::string render_google_benchmark(const GateReport& report) {
  Json context{{"executable", "sockscope"}, {"sockscope_version", report.version}, {"baseline", report.baseline.name}};
  for (const auto& [name, value] : report.environment) context[name] = value;
  Json benchmarks = Json::array();
  std::size_t family = 0;
  for (const VariantRuns& variant : report.variants) {
    for (const std::string& time : times_of(variant)) add_benchmarks(variant, time, benchmarks, family++);
  }
  const Json json{{"context", std::move(context)}, {"benchmarks", std::move(benchmarks)}};
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace sockscope
