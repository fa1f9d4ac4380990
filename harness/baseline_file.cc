#include "harness/baseline_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "analysis/figure_change.h"
#include "harness/fingerprint.h"

namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = "sockscope.baseline/1";
constexpr const char* kDirectory = "results/baselines";
constexpr const char* kExtension = ".json";

/// Four decimals are finer than any limit, and a changed digit in a review means something.
double rounded(double value) { return std::round(value * 1e4) / 1e4; }

/// Counts with these; times in whole nanoseconds.
Json run_values(FigureClass figure_class, const std::vector<double>& runs) {
  Json json = Json::array();
  for (const double run : runs) {
    if (figure_class == FigureClass::kTime) {
      json.push_back(std::llround(run));
    } else {
      json.push_back(rounded(run));
    }
  }
  return json;
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

Json to_json(const BaselineFigure& one) {
  Json json{{"name", one.figure.name},
            {"variant", one.figure.variant},
            {"class", name_of(one.figure.figure_class)},
            {"traced", one.figure.is_traced},
            {"value", rounded(value_of(one.figure))}};
  if (one.limit) json["limit"] = rounded(*one.limit);
  json["runs"] = run_values(one.figure.figure_class, one.figure.runs);
  if (!one.figure.bases.empty()) json["bases"] = run_values(one.figure.figure_class, one.figure.bases);
  return json;
}

Json to_json(const SelfTest& test) {
  return {{"made", test.made},
          {"rounds", test.rounds},
          {"splits", test.splits},
          {"false_alarm_rate", rounded(test.false_alarm_rate)},
          {"smallest_change", rounded(test.smallest_change)},
          {"injected_ns", test.injected_ns},
          {"injected_change", rounded(test.injected_change)},
          {"injected_caught_rate", rounded(test.injected_caught_rate)}};
}

BaselineFigure figure_from_json(const Json& json) {
  BaselineFigure one;
  one.figure.name = json.at("name");
  one.figure.variant = json.at("variant");
  one.figure.figure_class = json.at("class") == name_of(FigureClass::kTime) ? FigureClass::kTime : FigureClass::kCount;
  one.figure.is_traced = json.at("traced");
  one.figure.runs = json.at("runs").get<std::vector<double>>();
  if (json.contains("bases")) one.figure.bases = json.at("bases").get<std::vector<double>>();
  if (json.contains("limit")) one.limit = json.at("limit").get<double>();
  return one;
}

SelfTest self_test_from_json(const Json& json) {
  return {.made = json.at("made"),
          .rounds = json.at("rounds"),
          .splits = json.at("splits"),
          .false_alarm_rate = json.at("false_alarm_rate"),
          .smallest_change = json.at("smallest_change"),
          .injected_ns = json.at("injected_ns"),
          .injected_change = json.at("injected_change"),
          .injected_caught_rate = json.at("injected_caught_rate")};
}

Baseline baseline_from_json(const Json& json) {
  Baseline baseline;
  baseline.name = json.at("name");
  baseline.made = json.at("made");
  baseline.title = json.at("title");
  baseline.plan = json.at("plan").get<std::vector<std::string>>();
  for (const auto& [name, value] : json.at("machine").items()) {
    baseline.machine.emplace_back(name, value.get<std::string>());
  }
  for (const Json& figure : json.at("figures")) baseline.figures.push_back(figure_from_json(figure));
  if (json.contains("self_test")) baseline.self_test = self_test_from_json(json.at("self_test"));
  baseline.disturbed = json.value("disturbed", 0.0);
  return baseline;
}

/// Baselines of this machine in a directory.
std::vector<std::filesystem::path> of_this_machine(const std::filesystem::path& directory, const Facts& machine) {
  const std::string end = fmt::format(".{}{}", fingerprint_of(machine), kExtension);
  std::vector<std::filesystem::path> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    if (entry.path().filename().string().ends_with(end)) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

std::string baseline_text(const Baseline& baseline) {
  Json machine = Json::object();
  for (const auto& [name, value] : baseline.machine) machine[name] = value;
  std::string text = fmt::format(
      "{{\"schema\": {},\n \"name\": {},\n \"made\": {},\n \"title\": {},\n \"plan\": {},\n \"machine\": {},\n",
      text_of(kSchema), text_of(baseline.name), text_of(baseline.made), text_of(baseline.title), text_of(baseline.plan),
      text_of(machine));
  if (baseline.self_test) text += fmt::format(" \"self_test\": {},\n", text_of(to_json(*baseline.self_test)));
  if (baseline.disturbed > 0) text += fmt::format(" \"disturbed\": {},\n", text_of(rounded(baseline.disturbed)));
  text += " \"figures\": [";
  for (std::size_t i = 0; i < baseline.figures.size(); ++i) {
    text += fmt::format("{}\n  {}", i == 0 ? "" : ",", text_of(to_json(baseline.figures[i])));
  }
  return text + "\n ]}\n";
}

Result<Baseline> load_baseline(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) return fail(ErrorKind::kInput, "cannot read the baseline {}", path.string());
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(ErrorKind::kInput, "{}: not JSON, so no baseline", path.string());
  try {
    const std::string schema = json.at("schema");
    if (schema != kSchema) {
      return fail(ErrorKind::kInput, "{}: schema {}, but this sockscope reads {}: save the baseline anew",
                  path.string(), schema, kSchema);
    }
    return baseline_from_json(json);
  } catch (const Json::exception& error) {
    return fail(ErrorKind::kInput, "{}: {}", path.string(), error.what());
  }
}

std::filesystem::path baseline_path(std::string_view name, const Facts& machine) {
  return std::filesystem::path(kDirectory) / fmt::format("{}.{}{}", name, fingerprint_of(machine), kExtension);
}

Result<std::filesystem::path> find_baseline(const std::string& text, const Facts& machine) {
  std::error_code ignored;
  if (std::filesystem::is_directory(text, ignored)) {
    const auto found = of_this_machine(text, machine);
    if (found.size() == 1) return found.front();
    if (found.empty()) {
      return fail(ErrorKind::kEnvironment,
                  "no baseline for this machine ({}) in {}; make one: sockscope baseline save NAME",
                  fingerprint_of(machine), text);
    }
    std::vector<std::string> names;
    names.reserve(found.size());
    for (const auto& path : found) names.push_back(path.filename().string());
    return fail(ErrorKind::kUsage, "--baseline {}: several are of this machine, choose one: {}", text,
                fmt::join(names, ", "));
  }
  if (text.contains('/') || text.ends_with(kExtension) || std::filesystem::exists(text, ignored)) return text;
  auto path = baseline_path(text, machine);
  if (std::filesystem::exists(path, ignored)) return path;
  return fail(ErrorKind::kEnvironment,
              "no baseline {} for this machine: {} is not there; make it: sockscope baseline "
              "save {}",
              text, path.string(), text);
}

std::vector<std::string> baseline_changes(const Baseline& before, const Baseline& after) {
  std::vector<std::string> changes;
  const auto find = [](const Baseline& in, const std::string& name) {
    return std::ranges::find(in.figures, name, [](const BaselineFigure& one) { return one.figure.name; });
  };
  if (before.plan != after.plan) {
    changes.push_back(fmt::format("plan: {} -> {}", fmt::join(before.plan, " "), fmt::join(after.plan, " ")));
  }
  for (const BaselineFigure& one : after.figures) {
    const double now = value_of(one.figure);
    const auto was = find(before, one.figure.name);
    if (was == before.figures.end()) {
      changes.push_back(fmt::format("{}: new, {:.3f}", one.figure.name, now));
    } else if (const double then = value_of(was->figure); rounded(then) != rounded(now)) {
      changes.push_back(fmt::format("{}: {:.3f} -> {:.3f}", one.figure.name, then, now));
    }
  }
  for (const BaselineFigure& one : before.figures) {
    if (find(after, one.figure.name) == after.figures.end()) changes.push_back(one.figure.name + ": gone");
  }
  return changes;
}

}  // namespace sockscope
