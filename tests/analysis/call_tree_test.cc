#include "analysis/call_tree.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "analysis/call_trace.h"

namespace sockscope {
namespace {

using function_graph::FunctionEvent;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class CallTreeTest : public testing::Test {
 public:
  CallTreeTest& enter(unsigned depth, std::string_view name, function_graph::Lane lane = 1) {
    builder_.on({.kind = FunctionEvent::Kind::kEnter, .lane = lane, .depth = depth, .name = name});
    return *this;
  }
  CallTreeTest& exit(unsigned depth, std::uint64_t ns, std::string_view name = {}, function_graph::Lane lane = 1) {
    builder_.on({.kind = FunctionEvent::Kind::kExit, .lane = lane, .depth = depth, .name = name, .duration_ns = ns});
    return *this;
  }
  CallTreeTest& leaf(unsigned depth, std::string_view name, std::uint64_t ns, function_graph::Lane lane = 1) {
    return enter(depth, name, lane).exit(depth, ns, {}, lane);
  }

  /// "f calls total self", or "f calls total self unclosed" where there are such.
  static std::vector<std::string> functions(const CallTree& tree) {
    std::vector<std::string> found;
    for (const CalledFunction& one : tree.functions) {
      if (one.calls == 0 && one.unclosed == 0) continue;
      std::string text = fmt::format("{} {} {} {}", one.name, one.calls, one.total_ns, one.self_ns);
      if (one.unclosed != 0) text += fmt::format(" {}", one.unclosed);
      found.push_back(text);
    }
    return found;
  }

  /// "f/g calls total self", by path.
  static std::vector<std::string> ways(const CallTree& tree) {
    std::vector<std::string> found;
    for (std::size_t node = 1; node < tree.nodes.size(); ++node) {
      std::string path = tree.functions[tree.nodes[node].function].name;
      for (std::size_t above = tree.nodes[node].parent; above != 0; above = tree.nodes[above].parent) {
        path = tree.functions[tree.nodes[above].function].name + "/" + path;
      }
      const CallNode& one = tree.nodes[node];
      found.push_back(fmt::format("{} {} {} {}", path, one.calls, one.total_ns, one.self_ns));
    }
    return found;
  }

  static bool laws_hold(CallTree tree) {
    for (const Law& law : laws_of({.tree = std::move(tree)})) {
      if (!law.holds) return false;
    }
    return true;
  }

  CallTreeBuilder builder_;
};

// f takes 100: 30 in g, which takes 10 in h; 20 in h; 50 itself.
TEST_F(CallTreeTest, TakesWhatIsCalledFromWhoCallsIt) {
  enter(0, "f").enter(1, "g").leaf(2, "h", 10).exit(1, 30).leaf(1, "h", 20).exit(0, 100);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), UnorderedElementsAre("f 1 100 50", "g 1 30 20", "h 2 30 30"));
  EXPECT_THAT(ways(tree), UnorderedElementsAre("f 1 100 50", "f/g 1 30 20", "f/g/h 1 10 10", "f/h 1 20 20"));
  EXPECT_EQ(tree.outermost_ns, 100U);
  EXPECT_EQ(tree.self_ns, 100);
  EXPECT_EQ(tree.calls, 4U);
  const CalledFunction& h = tree.functions[3];
  EXPECT_EQ(h.min_ns, 10U);
  EXPECT_EQ(h.max_ns, 20U);
  EXPECT_EQ(h.mean_ns(), 15);
  EXPECT_TRUE(laws_hold(tree));
}

// Of 100, the inner f takes 40: its time is in the outer's, and counts once.
TEST_F(CallTreeTest, CountsAFunctionThatCallsItselfOnce) {
  enter(0, "f").enter(1, "g").leaf(2, "f", 40).exit(1, 60).exit(0, 100);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), UnorderedElementsAre("f 2 100 80", "g 1 60 20"));
  EXPECT_EQ(tree.functions[1].mean_ns(), 70);
  EXPECT_TRUE(laws_hold(tree));
}

TEST_F(CallTreeTest, KeepsTasksApart) {
  enter(0, "f", 1).enter(0, "g", 2).leaf(1, "h", 5, 1).exit(0, 50, {}, 2).exit(0, 20, {}, 1);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(ways(tree), UnorderedElementsAre("f 1 20 15", "f/h 1 5 5", "g 1 50 50"));
}

TEST_F(CallTreeTest, CountsEndsWithoutABegin) {
  exit(1, 10).leaf(1, "g", 5).exit(0, 30, "f");
  const CallTree tree = builder_.finish();
  EXPECT_EQ(tree.unopened, 2U);
  EXPECT_THAT(functions(tree), ElementsAre("g 1 5 5"));
  EXPECT_EQ(tree.outermost_ns, 5U);
  EXPECT_TRUE(laws_hold(tree));
}

// What f called is there; f itself, whose end nobody saw, is not.
TEST_F(CallTreeTest, CountsBeginsWithoutAnEndAtTheEnd) {
  enter(0, "f").leaf(1, "g", 5).enter(1, "f").leaf(2, "h", 3);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), UnorderedElementsAre("f 0 0 0 2", "g 1 5 5", "h 1 3 3"));
  EXPECT_EQ(tree.unclosed, 2U);
  EXPECT_EQ(tree.outermost_ns, 8U);
  EXPECT_TRUE(laws_hold(tree));
}

// The outer f never ends, so what the inner one took counts for f after all.
TEST_F(CallTreeTest, CountsWhatLiesInACallOfTheSameFunctionWithoutAnEnd) {
  enter(0, "f").enter(1, "f").enter(2, "f").exit(2, 4).exit(1, 9);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), ElementsAre("f 2 9 9 1"));
  EXPECT_TRUE(laws_hold(tree));
}

// The end of g was lost: f's is known by its depth, and what g called is taken from f.
TEST_F(CallTreeTest, FindsTheEndByItsDepth) {
  enter(0, "f").enter(1, "g").leaf(2, "h", 10).exit(0, 100);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), UnorderedElementsAre("f 1 100 90", "g 0 0 0 1", "h 1 10 10"));
  EXPECT_TRUE(laws_hold(tree));
}

TEST_F(CallTreeTest, ABeginEndsWhatIsAsDeep) {
  enter(0, "f").enter(1, "g").enter(0, "k").exit(0, 7);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), UnorderedElementsAre("f 0 0 0 1", "g 0 0 0 1", "k 1 7 7"));
}

// The tracer names the function whose end it is: g's end is not f's.
TEST_F(CallTreeTest, DoesNotTakeOneFunctionsEndForAnothers) {
  enter(0, "f").exit(0, 100, "g").enter(0, "k").exit(0, 7, "k");
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), UnorderedElementsAre("f 0 0 0 1", "k 1 7 7"));
  EXPECT_EQ(tree.unopened, 1U);
}

TEST_F(CallTreeTest, NoticesACallThatIsShorterThanWhatItCalls) {
  enter(0, "f").leaf(1, "g", 11).exit(0, 10);
  const CallTree tree = builder_.finish();
  EXPECT_EQ(tree.too_short, 1U);
  EXPECT_THAT(functions(tree), UnorderedElementsAre("f 1 10 -1", "g 1 11 11"));
  const auto laws = laws_of({.tree = tree});
  ASSERT_EQ(laws.size(), 2U);
  EXPECT_TRUE(laws[0].holds);
  EXPECT_EQ(laws[0].detail, "10 ns by function, 10 ns in the tree, outermost calls 10 ns");
  EXPECT_FALSE(laws[1].holds);
  EXPECT_EQ(laws[1].detail, "1 of 2 are");
}

// 12345.67 us is anything up to 12,345,679 ns.
TEST_F(CallTreeTest, LeavesRoomForDigitsThatAreCutOff) {
  for (const std::uint64_t inner : {12'345'679U, 12'345'680U}) {
    enter(0, "f").leaf(1, "g", inner);
    builder_.on(
        {.kind = FunctionEvent::Kind::kExit, .lane = 1, .depth = 0, .duration_ns = 12'345'670, .resolution_ns = 10});
  }
  EXPECT_EQ(builder_.finish().too_short, 1U);
}

TEST_F(CallTreeTest, CountsCallsWithoutTimes) {
  enter(0, "f").enter(1, "g");
  for (const unsigned depth : {1U, 0U}) builder_.on({.kind = FunctionEvent::Kind::kExit, .lane = 1, .depth = depth});
  const CallTree tree = builder_.finish();
  EXPECT_FALSE(tree.has_times());
  EXPECT_EQ(tree.calls, 2U);
  EXPECT_THAT(laws_of({.tree = tree}), testing::IsEmpty());
}

TEST_F(CallTreeTest, PutsWhatIsTooManyIntoOne) {
  builder_ = CallTreeBuilder({.functions = 2, .nodes = 3, .lanes = 2});
  enter(0, "a").leaf(1, "b", 1).leaf(1, "c", 2).enter(1, "d").leaf(2, "a", 1).exit(1, 3).exit(0, 10);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), UnorderedElementsAre("[other functions] 2 5 4", "a 2 10 5", "b 1 1 1"));
  EXPECT_EQ(tree.calls_of_others, 2U);
  EXPECT_EQ(tree.calls_by_others, 1U);
  EXPECT_EQ(tree.nodes.size(), 5U);
  EXPECT_TRUE(laws_hold(tree));
}

TEST_F(CallTreeTest, GivesUpTasksThatDidNothingForLongest) {
  builder_ = CallTreeBuilder({.functions = 9, .nodes = 9, .lanes = 2});
  enter(0, "f", 1).enter(0, "f", 2).enter(0, "f", 3).exit(0, 5, {}, 3).exit(0, 5, {}, 2).exit(0, 5, {}, 1);
  const CallTree tree = builder_.finish();
  EXPECT_THAT(functions(tree), ElementsAre("f 1 5 5 2"));
  EXPECT_EQ(tree.unopened, 2U);
}

}  // namespace
}  // namespace sockscope
