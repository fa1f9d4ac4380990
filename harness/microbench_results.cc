#include "harness/microbench_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/environment.h"
#include "workloads/microbench/bench_name.h"

namespace sockscope {
namespace {

using Json = nlohmann::json;

constexpr std::array kCounts{"syscalls", "skbs", "softirqs", "context_switches"};

/// One benchmark, with the repetitions that were done.
struct Microbench {
  std::string name;
  std::vector<double> times_ns;  ///< Of a message or call.
  std::vector<std::pair<std::string, std::vector<double>>> counts;
};

/// Without what Google Benchmark adds to the name that we gave.
std::string plain_name(std::string name) {
  constexpr std::string_view manual = "/manual_time";
  if (name.ends_with(manual)) name.resize(name.size() - manual.size());
  return name;
}

Microbench& named(std::vector<Microbench>& benches, const std::string& name) {
  const auto known = std::ranges::find(benches, name, &Microbench::name);
  if (known != benches.end()) return *known;
  return benches.emplace_back(Microbench{.name = name, .times_ns = {}, .counts = {}});
}

void add(std::vector<Microbench>& benches, const Json& result) {
  if (result.value("run_type", "iteration") != "iteration" || result.value("error_occurred", false)) return;
  Microbench& bench = named(benches, plain_name(result.at("run_name")));
  bench.times_ns.push_back(result.at("real_time").get<double>() / result.value("units", 1.0));
  for (const char* count : kCounts) {
    if (!result.contains(count)) continue;
    auto known = std::ranges::find(bench.counts, count, [](const auto& one) { return std::string_view(one.first); });
    if (known == bench.counts.end()) known = bench.counts.insert(known, {count, {}});
    known->second.push_back(result.at(count));
  }
}

std::vector<GateFigure> figures_of(const std::vector<Microbench>& benches) {
  std::vector<GateFigure> figures;
  for (const Microbench& bench : benches) {
    for (const auto& [count, runs] : bench.counts) {
      figures.push_back({.name = fmt::format("{}.{}", bench.name, count), .variant = bench.name, .runs = runs});
    }
  }
  for (const Microbench& bench : benches) {
    const auto floor = std::ranges::find(benches, floor_of(bench.name).value_or(""), &Microbench::name);
    if (floor == benches.end() || floor->name == bench.name) continue;
    figures.push_back({.name = bench.name + "/floor",
                       .variant = bench.name,
                       .figure_class = FigureClass::kTime,
                       .runs = bench.times_ns,
                       .bases = floor->times_ns});
  }
  return figures;
}

/// Google Benchmark writes NaN and Infinity, which JSON has not, for what varies around 0 (coefficients of variation).
std::string as_json(std::string text) {
  for (const std::string_view word : {": NaN", ": Infinity", ": -Infinity"}) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
      text.replace(at, word.size(), ": null");
    }
  }
  return text;
}

Result<std::vector<Microbench>> parse(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return fail(ErrorKind::kInput, "cannot read {}", path.string());
  const Json json = Json::parse(as_json({std::istreambuf_iterator<char>(file), {}}), nullptr, false);
  if (json.is_discarded()) {
    return fail(ErrorKind::kInput, "{} is no JSON: give what socket_bench writes with --benchmark_out=FILE",
                path.string());
  }
  std::vector<Microbench> benches;
  try {
    for (const Json& result : json.at("benchmarks")) add(benches, result);
  } catch (const Json::exception& error) {
    return fail(ErrorKind::kInput, "{} is not what socket_bench writes with --benchmark_out: {}", path.string(),
                error.what());
  }
  std::ranges::sort(benches, {}, &Microbench::name);  // Repetitions come in any order, and a baseline is reviewed.
  return benches;
}

}  // namespace

Result<GateMeasurement> read_microbench(const std::filesystem::path& path) {
  const auto benches = parse(path);
  if (!benches) return std::unexpected(benches.error());
  if (benches->empty()) return fail(ErrorKind::kInput, "{} holds no result of a benchmark", path.string());
  return GateMeasurement{.figures = figures_of(*benches),
                         .doubts = {},
                         .variants = {},
                         .environment = describe_environment("/"),
                         .title = fmt::format("{} microbenchmarks of {}", benches->size(), path.filename().string())};
}

}  // namespace sockscope
