#include "parsers/function_graph/text_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace sockscope::function_graph {
namespace {

using testing::ElementsAre;

/// Calls as "f{" and "f}", those of a lane after its letter: lanes are lettered in the order in which they appear.
class Calls {
 public:
  Result<> read(std::string_view text, std::size_t piece = 1 << 20) {
    for (std::size_t at = 0; at < text.size(); at += piece) {
      if (auto done = reader_.read(text.substr(at, piece)); !done) return done;
    }
    return reader_.finish();
  }

  std::vector<std::string> seen;
  [[nodiscard]] const TraceFacts& facts() const { return reader_.facts(); }

 private:
  void on(const FunctionEvent& event) {
    const char letter = letters_.try_emplace(event.lane, static_cast<char>('A' + letters_.size())).first->second;
    const bool enters = event.kind == FunctionEvent::Kind::kEnter;
    seen.push_back(fmt::format("{}{}{}", letter, event.name, enters ? "{" : "}"));
  }

  TextReader reader_{[this](const FunctionEvent& event) { on(event); }};
  std::map<Lane, char> letters_;
};

constexpr std::string_view kTwoTasks =
    "# tracer: function_graph\n"
    " 0)               |  f() {\n"
    " ------------------------------------------\n"
    " 0)    nc-7    =>    <idle>-0   \n"
    " ------------------------------------------\n"
    "\n"
    " 0)   0.100 us    |  idle();\n"
    " ------------------------------------------\n"
    " 0)    <idle>-0    =>   nc-7  \n"
    " ------------------------------------------\n"
    " 0)   0.200 us    |    g();\n"
    " 0)   0.500 us    |  }\n";

TEST(FunctionGraphText, GivesTheFirstLinesOfACpuToTheTaskThatItChangesFrom) {
  Calls calls;
  ASSERT_TRUE(calls.read(kTwoTasks));
  EXPECT_THAT(calls.seen, ElementsAre("Af{", "Bidle{", "Bidle}", "Ag{", "Ag}", "A}"));
  EXPECT_EQ(calls.facts().switches, 2U);
  EXPECT_EQ(calls.facts().unreadable, 0U);
  EXPECT_EQ(calls.facts().lines, 12U);
  EXPECT_THAT(calls.facts().cpus, ElementsAre(0U));
}

TEST(FunctionGraphText, IsTheSameInPiecesOfAnySize) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U}) {
    Calls calls;
    ASSERT_TRUE(calls.read(kTwoTasks, piece));
    EXPECT_THAT(calls.seen, ElementsAre("Af{", "Bidle{", "Bidle}", "Ag{", "Ag}", "A}")) << piece;
  }
}

TEST(FunctionGraphText, FollowsATaskToAnotherCpu) {
  Calls calls;
  ASSERT_TRUE(
      calls.read(" 0)               |  f() {\n"
                 " 1)               |  other() {\n"
                 " 0)    nc-7    =>    x-8   \n"
                 " 1)    y-9    =>    nc-7   \n"
                 " 1)   0.500 us    |  }\n"));
  EXPECT_THAT(calls.seen, ElementsAre("Af{", "Bother{", "A}"));
}

TEST(FunctionGraphText, KeepsTheIdleTasksOfCpusApart) {
  Calls calls;
  ASSERT_TRUE(
      calls.read(" 0)               |  a() {\n"
                 " 1)               |  b() {\n"
                 " 0)    <idle>-0    =>    x-8   \n"
                 " 1)    <idle>-0    =>    x-9   \n"
                 " 0)    x-8    =>    <idle>-0   \n"
                 " 1)    x-9    =>    <idle>-0   \n"
                 " 0)   0.500 us    |  }\n"
                 " 1)   0.500 us    |  }\n"));
  EXPECT_THAT(calls.seen, ElementsAre("Aa{", "Bb{", "A}", "B}"));
}

TEST(FunctionGraphText, TakesTheTaskOfEachLineWhereItIsSaid) {
  Calls calls;
  ASSERT_TRUE(
      calls.read(" 0)    a-1    |               |  f() {\n"
                 " 0)    b-2    |   0.100 us    |  g();\n"
                 " 3)    a-1    |   0.500 us    |  }\n"));
  EXPECT_THAT(calls.seen, ElementsAre("Af{", "Bg{", "Bg}", "A}"));
  EXPECT_THAT(calls.facts().cpus, ElementsAre(0U, 3U));
}

TEST(FunctionGraphText, CountsWhatIsMissingAndWhatItCannotRead) {
  Calls calls;
  ASSERT_TRUE(
      calls.read(" 0)   0.100 us    |  f();\n"
                 "CPU:0 [LOST 12 EVENTS]\n"
                 "CPU:0 [LOST EVENTS]\n"
                 "what is this\n"
                 " 0)   ==========> |\n"
                 " 0)               |  /* an event */\n"
                 "and this"));
  EXPECT_EQ(calls.facts().lost_events, 12U);
  EXPECT_EQ(calls.facts().losses_uncounted, 1U);
  EXPECT_EQ(calls.facts().unreadable, 2U);
  EXPECT_EQ(calls.facts().first_unreadable, 4U);
  EXPECT_EQ(calls.facts().interrupts, 1U);
  EXPECT_EQ(calls.facts().comments, 1U);
}

TEST(FunctionGraphText, KeepsNoLineThatIsTooLong) {
  Calls calls;
  const std::string long_line(200'000, 'x');
  ASSERT_TRUE(
      calls.read(" 0)   0.100 us    |  f();\n" + long_line + "\n 0)   0.100 us    |  g();\n" + long_line, 1000));
  EXPECT_THAT(calls.seen, ElementsAre("Af{", "Af}", "Ag{", "Ag}"));
  EXPECT_EQ(calls.facts().unreadable, 2U);
  EXPECT_EQ(calls.facts().lines, 4U);
}

std::string refusal_of(std::string_view text) {
  Calls calls;
  const auto done = calls.read(text);
  return done ? "none" : done.error().message;
}

TEST(FunctionGraphText, SaysWhatElseATextIs) {
  EXPECT_EQ(refusal_of("# tracer: function\n#\n  sh-1  [000] d... 1.2: f <-g\n"),
            "is text of ftrace's function tracer, which has no durations: trace with function_graph instead (echo "
            "function_graph > /sys/kernel/tracing/current_tracer)");
  EXPECT_EQ(refusal_of("  sh-1  [000] d... 1.2: f <-g\n"), refusal_of("# tracer: function\n"));
  EXPECT_EQ(refusal_of("# tracer: irqsoff\n"),
            "is text of ftrace's irqsoff tracer: only function_graph says how long calls take");
  EXPECT_EQ(refusal_of("# tracer: nop\n  sh-1  [000] d... 1.2: sched_waking: comm=x\n"),
            "is text of ftrace's events, which does not say what their fields mean: record them with trace-cmd record "
            "(trace.dat) or perf record");
  EXPECT_EQ(
      refusal_of("hello\nworld\n"),
      "not a perf.data file, and as text it has no call in it as ftrace's function_graph tracer prints them (2 lines)");
}

}  // namespace
}  // namespace sockscope::function_graph
