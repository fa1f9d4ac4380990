#include "report/call_report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "tests/report/documented_keys.h"
#include "tests/report/golden.h"

namespace sockscope::testing {
namespace {

using function_graph::FunctionEvent;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

class Trace {
 public:
  Trace& enter(unsigned depth, std::string_view name) {
    builder_.on({.kind = FunctionEvent::Kind::kEnter, .lane = 1, .depth = depth, .name = name});
    return *this;
  }
  Trace& exit(unsigned depth, std::optional<std::uint64_t> ns) {
    builder_.on({.kind = FunctionEvent::Kind::kExit, .lane = 1, .depth = depth, .duration_ns = ns});
    return *this;
  }
  Trace& leaf(unsigned depth, std::string_view name, std::optional<std::uint64_t> ns) {
    return enter(depth, name).exit(depth, ns);
  }
  CallTree tree() { return builder_.finish(); }

 private:
  CallTreeBuilder builder_;
};

/// f takes 100 us: 30 in g, which takes 10 in h; 20 in h. Twice; and tiny takes 0.05.
CallReport sample() {
  Trace trace;
  for (int i = 0; i < 2; ++i) {
    trace.enter(0, "f [mod]").enter(1, "g;").leaf(2, "h", 10'000).exit(1, 30'000).leaf(1, "h", 20'000).exit(0, 100'000);
  }
  trace.enter(0, "k").leaf(1, "tiny", 50).exit(0, 12'345);
  return {.path = "trace.log", .trace = {.form = "function_graph text", .tree = trace.tree(), .cpus = {0, 3}}};
}

/// What there can be to say against a trace, and a name that would steer a terminal.
CallReport flawed() {
  Trace trace;
  trace.exit(3, 5).enter(0, "\x1b[31mred").leaf(1, "g", 2'000).enter(0, "f").leaf(1, "g", 9'000).exit(0, 8'000);
  return {.path = "a\nb",
          .trace = {.form = "trace.dat",
                    .tree = trace.tree(),
                    .unreadable = 2,
                    .first_unreadable = 17,
                    .lost_events = 123,
                    .losses_uncounted = 1,
                    .switches = 4,
                    .interrupts = 2,
                    .other_events = 9}};
}

CallReport without_times() {
  Trace trace;
  trace.enter(0, "f").leaf(1, "g", {}).leaf(1, "g", {}).exit(0, {});
  return {.path = "trace.log", .trace = {.form = "function_graph text", .tree = trace.tree(), .cpus = {1}}};
}

TEST(CallReportGolden, Table) { expect_golden("calls.txt", render_call_table(sample())); }
TEST(CallReportGolden, Tree) { expect_golden("calls-tree.txt", render_call_tree(sample())); }
TEST(CallReportGolden, Json) { expect_golden("calls.json", render_call_json(sample())); }
TEST(CallReportGolden, Csv) { expect_golden("calls.csv", render_call_csv(sample())); }
TEST(CallReportGolden, Flawed) { expect_golden("calls-flawed.txt", render_call_table(flawed())); }
TEST(CallReportGolden, WithoutTimes) { expect_golden("calls-untimed.txt", render_call_tree(without_times())); }

std::string stacks(const CallReport& report) {
  std::string lines;
  write_call_stacks(report, [&lines](std::string_view line) { lines += line; });
  return lines;
}

TEST(CallReport, FoldsStacksByTheirOwnTime) {
  EXPECT_EQ(stacks(sample()),
            "f [mod] 100000\n"
            "f [mod];g: 40000\n"
            "f [mod];g:;h 20000\n"
            "f [mod];h 40000\n"
            "k 12295\n"
            "k;tiny 50\n");
  EXPECT_EQ(stacks(without_times()), "f 1\nf;g 2\n");
}

TEST(CallReport, NothingOfATraceSteersTheTerminal) {
  for (const std::string& text : {render_call_table(flawed()), render_call_tree(flawed()), render_call_csv(flawed()),
                                  render_call_json(flawed()), stacks(flawed())}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  }
  EXPECT_THAT(render_call_table(flawed()), HasSubstr(R"(\x1b[31mred)"));
}

TEST(CallReport, CountsWhatTheTreeLeavesOut) {
  Trace trace;
  trace.enter(0, "f");
  for (const char* const name : {"a", "b", "c"}) trace.leaf(1, name, 1);
  trace.exit(0, 1'000'000);
  const std::string tree = render_call_tree({.path = "x", .trace = {.form = "t", .tree = trace.tree()}});
  EXPECT_THAT(tree, HasSubstr("0.00                      3    (3 functions below 0.1 % each)\n"));
}

using Paths = std::set<std::string>;

/// As results/README.md spells them: `<call>` for the calls of the tree, however deep.
void collect(const Json& json, const std::string& path, Paths& paths) {  // NOLINT(misc-no-recursion): JSON is a tree
  if (json.is_array()) {
    const std::string element = path == "tree" || path == "<call>.children" ? "<call>" : path + "[]";
    for (const Json& one : json) collect(one, element, paths);
  }
  if (!json.is_object()) return;
  if (!path.empty()) paths.erase(path);
  for (const auto& [key, value] : json.items()) {
    const std::string full = path.empty() ? key : fmt::format("{}.{}", path, key);
    paths.insert(full);
    collect(value, full, paths);
  }
}

TEST(CallReport, WritesTheKeysThatAreDocumentedAndNoOthers) {
  Paths written;
  for (const CallReport& report : {sample(), flawed(), without_times()}) {
    collect(Json::parse(render_call_json(report)), "", written);
  }
  EXPECT_EQ(written, documented_keys("calls"));
}

}  // namespace
}  // namespace sockscope::testing
