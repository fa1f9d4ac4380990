#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "report/json.h"
#include "tests/report/golden.h"
#include "tests/report/sample_summaries.h"

/// results/README.md is what readers of the JSON rely on: it names every key that is written and none that is not.
namespace sockscope::testing {
namespace {

using Json = nlohmann::ordered_json;
using Paths = std::set<std::string>;

bool has_free_keys(const std::string& path) {
  return path == "environment" || path == "plan" || path.ends_with(".counters") || path.ends_with(".counts") ||
         path.ends_with(".drops") || path.ends_with(".socket.<end>");
}

bool is_distribution(const std::string& key) { return key.ends_with("_ns"); }

/// The figures of a comparison, by how the runs were watched.
bool has_figures(const std::string& path) { return path == "comparison.<watched>"; }

std::string children_of(const std::string& full, const std::string& key) {
  if (full == "comparison.rtt" || full == "comparison.<watched>.<figure>") return "<compared>";
  return is_distribution(key) ? "<distribution>" : full;
}

/// Adds the path of every key as README.md spells it: <protocol> for tcp and udp, <end> for client and server,
/// <distribution> for the objects that hold percentiles, <compared> for those that hold a comparison, [] for the
/// elements of an array.
void collect(const Json& json, const std::string& path, Paths& paths) {  // NOLINT(misc-no-recursion): JSON is a tree
  if (json.is_array()) {
    for (const Json& element : json) collect(element, path + "[]", paths);
    return;
  }
  if (!json.is_object()) return;
  for (const auto& [key, value] : json.items()) {
    std::string name = key;
    if (path == "protocols") name = "<protocol>";
    if (key == "client" || key == "server") name = "<end>";
    if (has_free_keys(path)) name = "<name>";
    if (path.ends_with(".times")) name = "<name>_ns";
    if (path == "comparison" && (key == "untraced" || key == "counted" || key == "traced")) name = "<watched>";
    if (has_figures(path)) name = "<figure>";
    if (path == "comparison.modes") name = "<side>";
    if (path == "comparison.modes.<side>") name = "<mode>";
    const std::string full = path.empty() ? name : fmt::format("{}.{}", path, name);
    paths.insert(full);
    collect(value, value.is_object() ? children_of(full, key) : full, paths);
  }
}

Paths written_paths() {
  Paths paths;
  for (const Summary& summary :
       {over_devices(), full_compare(), compared(), cannot_tell(), flawed_compare(), untraced_only(),
        foreign_recording(), lacking_stages(), one_way(), traced_one_way(), stalled(), own_programs()}) {
    collect(Json::parse(render_json(summary)), "", paths);
  }
  return paths;
}

/// The first column of the tables between the markers: lines that begin with "| `path` |".
Paths documented_paths() {
  const std::string readme = read_source_file("results/README.md");
  const std::string start = "\n| `";
  Paths paths;
  const std::size_t end = readme.find("<!-- end of the keys -->");
  for (std::size_t at = readme.find("<!-- keys -->"); (at = readme.find(start, at)) < end;) {
    at += start.size();
    paths.insert(readme.substr(at, readme.find('`', at) - at));
  }
  return paths;
}

TEST(SchemaDoc, DescribesEveryKeyThatIsWritten) {
  const Paths documented = documented_paths();
  for (const std::string& path : written_paths()) {
    EXPECT_TRUE(documented.contains(path)) << path << " is not described in results/README.md";
  }
}

TEST(SchemaDoc, DescribesNoKeyThatIsNotWritten) {
  const Paths written = written_paths();
  ASSERT_FALSE(documented_paths().empty());
  for (const std::string& path : documented_paths()) {
    EXPECT_TRUE(written.contains(path)) << "results/README.md describes " << path << ", which is never written";
  }
}

}  // namespace
}  // namespace sockscope::testing
