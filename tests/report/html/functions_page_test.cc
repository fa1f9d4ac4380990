#include "report/html/functions_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/html/flame_data.h"
#include "tests/report/html/page_text.h"
#include "tests/report/sample_functions.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(FlameTree, AddsChainsUpFrameByFrame) {
  const std::vector<ComparedStack> stacks{{{"client", "send", "queue"}, {2, 0}},
                                          {{"client", "send", "queue", "xmit"}, {1, 0.5}},
                                          {{"client", "wait", "switch"}, {1, 1}},
                                          {{"server", "read"}, {0, 4}}};
  EXPECT_EQ(flame_tree(stacks, 0), Json::parse(R"({"n": "all", "a": 4.0, "b": 5.5, "c": [
    {"n": "client", "a": 4.0, "b": 1.5, "c": [
      {"n": "send", "a": 3.0, "b": 0.5, "c": [
        {"n": "queue", "a": 3.0, "b": 0.5, "c": [{"n": "xmit", "a": 1.0, "b": 0.5}]}]},
      {"n": "wait", "a": 1.0, "b": 1.0, "c": [{"n": "switch", "a": 1.0, "b": 1.0}]}]},
    {"n": "server", "a": 0.0, "b": 4.0, "c": [{"n": "read", "a": 0.0, "b": 4.0}]}]})"));
}

TEST(FlameTree, LeavesOutWhatIsNarrowInBoth) {
  const std::vector<ComparedStack> stacks{{{"client", "a"}, {0.9, 0.9}}, {{"client", "b"}, {1, 0}}, {{"x"}, {0, 0.1}}};
  EXPECT_EQ(flame_tree(stacks, 1), Json::parse(R"({"n": "all", "a": 1.9, "b": 1.0, "c": [
    {"n": "client", "a": 1.9, "b": 0.9, "c": [{"n": "b", "a": 1.0, "b": 0.0}]}]})"));
}

TEST(FlameTree, IsNoDeeperThanAKernelsStack) {
  const std::vector<ComparedStack> stacks{{std::vector<std::string>(10'000, "f"), {1, 1}}};
  const Json tree = flame_tree(stacks, 0);
  std::size_t depth = 0;
  for (const Json* node = &tree; node->contains("c") && !(*node)["c"].empty(); node = &(*node)["c"][0]) ++depth;
  EXPECT_EQ(depth, 256U);
}

TEST(FunctionsPage, HoldsTheJsonReportAsItIs) {
  for (const FunctionsReport& report : {sample_functions(), flawed_functions()}) {
    EXPECT_EQ(data_of(render_html_functions(report, "1"))["json"], Json::parse(render_functions_json(report)));
  }
}

TEST(FunctionsPage, HasTheChainsAsTheyAre) {
  const Json tree = data_of(render_html_functions(sample_functions(), "1"))["flame"]["tree"];
  // 691 + 607 + 604 samples of TCP and 500 + 504 + 502 of UDP, in 300 messages each (sample_functions.cc).
  EXPECT_EQ(tree["a"], 6.34);
  EXPECT_EQ(tree["b"], 5.02);
  EXPECT_EQ(tree["c"][0]["n"], "client");
}

TEST(FunctionsPage, AsksNothingOfTheNetwork) {
  const std::string page = render_html_functions(sample_functions(), "1");
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  const std::string markup = page.substr(0, page.find("<script"));
  for (const char* const word : {"src=\"", "url(", "href=\"http", "@import"}) EXPECT_THAT(markup, Not(HasSubstr(word)));
}

TEST(FunctionsPage, NamesTheLicencesOfItsLibraries) {
  const std::string page = render_html_functions(sample_functions(), "1");
  EXPECT_THAT(page, HasSubstr("Apache License"));
  EXPECT_THAT(page, HasSubstr("Mike Bostock"));
  EXPECT_THAT(page, HasSubstr("Permission to use, copy, modify, and/or distribute this software"));
}

TEST(FunctionsPage, TakesNoMarkupFromARecording) {
  const std::string harmless = render_html_functions(sample_functions(), "1");
  const std::string page = render_html_functions(flawed_functions(), "1");
  for (const char* const tag : {"</script>", "</pre>", "</noscript>", "<img", "<!--"}) {
    EXPECT_EQ(count_of(page, tag), count_of(harmless, tag)) << tag;
  }
  EXPECT_EQ(count_of(page, "function showPage()"), 1U);
}

TEST(FunctionsPage, WithoutScriptsHasTheTable) {
  EXPECT_THAT(render_html_functions(sample_functions(), "1"), HasSubstr("\nONLY IN TCP: hits a message\n"));
}

}  // namespace
}  // namespace sockscope::testing
