#include "report/html/html_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/html/path_data.h"
#include "report/json.h"
#include "report/run_diff_report.h"
#include "tests/report/golden.h"
#include "tests/report/html/page_text.h"
#include "tests/report/sample_stories.h"
#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(HtmlPage, HoldsTheJsonReportAsItIs) {
  for (const Summary& summary : {compared(), flawed_compare(), untraced_only(), foreign_recording(), one_way()}) {
    EXPECT_EQ(data_of(render_html(summary, nullptr, "1"))["json"], Json::parse(render_json(summary)));
  }
}

TEST(HtmlPage, OfASweepHoldsItsJsonAndAViewOfEach) {
  const Sweep sweep{.by = SweptBy::kSize, .points = {{64, compared()}, {1'400, compared()}}};
  const SlowestExchanges found = sample_exchanges();
  const Json data = data_of(render_html_sweep(sweep, {nullptr, &found}, "1"));
  EXPECT_EQ(data["json"], Json::parse(render_json_sweep(sweep)));
  EXPECT_EQ(data["json"]["values"], (Json{64, 1'400}));
  EXPECT_EQ(data["unit"], "bytes a message");
  EXPECT_EQ(data["views"][1]["base"], "/reports/1");
  EXPECT_FALSE(data["views"][0].contains("paths"));
  EXPECT_EQ(data["views"][1]["paths"]["slowest"].size(), 2U);
}

TEST(HtmlPage, OfADiffHoldsItsJsonAndBothRuns) {
  const Summary a = compared();
  const Summary b = full_compare();
  const RunDiffReport report{
      .a = {.path = "before", .title = a.title}, .b = {.path = "after", .title = b.title}, .diff = diff_runs(a, b, {})};
  const Json data = data_of(render_html_diff(report, a, b, "1"));
  EXPECT_EQ(data["json"], Json::parse(render_diff_json(report)));
  EXPECT_EQ(data["runs"], (Json{Json::parse(render_json(a)), Json::parse(render_json(b))}));
}

/// Every figure of the view is read from where it says that it is.
TEST(HtmlPage, PointsAtWhatIsThere) {
  const Json data = data_of(render_html(compared(), nullptr, "1"));
  const Json& view = data["views"][0];
  std::size_t pointers = 0;
  const auto check = [&](const Json& pointer) {
    EXPECT_TRUE(data["json"].contains(Json::json_pointer(pointer.get<std::string>()))) << pointer;
    ++pointers;
  };
  for (const Json& group : view["latency"]) {
    for (const Json& series : group["series"]) check(series["json"]);
  }
  for (const Json& stage : view["stages"]) check(stage["json"]);
  for (const Json& figure : view["compared"]) check(figure["json"]);
  // Round trips of both protocols, untraced and traced, and both ways of each; 13 stages of each; the compared figures.
  EXPECT_EQ(pointers, 4 + 4 + 26 + view["compared"].size());
}

TEST(HtmlPage, MarksWhatALawSpeaksAgainst) {
  EXPECT_EQ(data_of(render_html(compared(), nullptr, "1"))["views"][0]["doubtful"], Json::object());
  EXPECT_EQ(data_of(render_html(one_law_fails(), nullptr, "1"))["views"][0]["doubtful"],
            (Json{{"udp", {"any", "counts"}}}));
}

TEST(HtmlPage, AsksNothingOfTheNetwork) {
  const std::string page = render_html(compared(), nullptr, "1");
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  const std::string markup = page.substr(0, page.find("<script"));
  for (const char* const word : {"src=\"", "url(", "href=\"http", "@import"}) EXPECT_THAT(markup, Not(HasSubstr(word)));
}

TEST(HtmlPage, NamesTheLicenceOfTheChartLibrary) {
  const std::string page = render_html(compared(), nullptr, "1");
  EXPECT_THAT(page, HasSubstr("Chart.js Contributors"));
  EXPECT_THAT(page, HasSubstr("Permission is hereby granted, free of charge"));
}

/// Whatever a recording calls its threads, and a user his directories.
TEST(HtmlPage, TakesNoMarkupFromARecording) {
  const std::string hostile_text = "</script></pre></noscript><img src=x onerror=alert(1)><!--{{script}}";
  const std::string harmless = render_html(compared(), nullptr, "1");
  Summary summary = compared();
  summary.title = hostile_text;
  summary.mode = hostile_text;
  summary.environment = {{hostile_text, hostile_text}};
  traced_of(summary, 0).client.comm = hostile_text;
  summary.laws.push_back({hostile_text, false, hostile_text});
  SlowestExchanges found = sample_exchanges();
  found.groups[0].median.names[10] = hostile_text;
  const std::string page = render_html(summary, &found, "1");
  for (const char* const tag : {"</script>", "</pre>", "</noscript>", "<img", "<!--"}) {
    EXPECT_EQ(count_of(page, tag), count_of(harmless, tag)) << tag;
  }
  EXPECT_EQ(count_of(page, "function showPage()"), 1U);
  EXPECT_EQ(data_of(page)["json"]["title"], hostile_text);
}

TEST(HtmlPage, WithoutScriptsHasTheTable) {
  EXPECT_THAT(render_html(compared(), nullptr, "1"), HasSubstr("\nLAWS: all "));
}

TEST(PathData, HasTimesFromTheBeginning) {
  const Json path = paths_of(sample_exchanges())["medians"][0];
  EXPECT_EQ(path["begin_ns"], 1'000'000);
  EXPECT_EQ(path["duration_ns"], 10'000);
  EXPECT_EQ(path["round"], 3);
  EXPECT_EQ(path["messages"][1], Json({{"direction", "response"},
                                       {"enter", 4'500},
                                       {"queue", 5'100},
                                       {"rx", 5'300},
                                       {"receive", 5'700},
                                       {"ready", 6'500},
                                       {"exit", 10'000}}));
  EXPECT_EQ(path["segments"][0].dump(), R"([0,600,"request","send","the client (echo-client, tid 10) ran"])");
  EXPECT_EQ(path["events"].size(), 12U);
  EXPECT_EQ(path["events"][0].dump(), R"([0,0,10,"enter","send",64])");
  EXPECT_EQ(path["events"][8].dump(), R"([3000,0,10,"sched_switch",10,20,0])");
  EXPECT_EQ(path["names"], Json({{"10", "echo-client"}, {"20", "echo-server"}}));
  EXPECT_FALSE(path.contains("left_out"));
}

TEST(PathData, LeavesEventsOutOfTheMiddleAndCountsThem) {
  const Json path = paths_of(sample_exchanges())["slowest"][1];
  EXPECT_EQ(path["events"].size(), kMostEventsOfPath);
  EXPECT_EQ(path["left_out"], (Json{760, 120}));
  EXPECT_EQ(path["events"].back()[0], 30'000);
}

TEST(PathData, JoinsShortSegmentsOfOneStageAndKeepsTheLongestAndTheCulprit) {
  SlowestExchanges found = sample_exchanges();
  ExchangeStory& story = found.slowest[0];
  const PathSegment whole{.direction = Direction::kRequest, .stage = Stage::kWakeUp, .task = 20, .who = 10};
  story.segments.assign(1000, whole);
  std::uint64_t at = story.exchange.begin_ns();
  for (std::size_t i = 0; i < story.segments.size(); ++i) {
    story.segments[i].from_ns = at;
    at += 10 + (i % 100 == 0 ? i + 5 : 0) + (i == 950 ? 4 : 0);  // ten of them are longer than 10 ns, and one of 14
    story.segments[i].to_ns = at;
  }
  story.culprit = 555;
  const Json path = paths_of(found)["slowest"][0];
  const Json& rows = path["segments"];
  EXPECT_LE(rows.size(), kMostSegmentsOfPath);
  EXPECT_EQ(rows[0][1], 15);
  const Json& culprit = rows[path["culprit"].get<std::size_t>()];
  EXPECT_EQ(culprit[1].get<int>() - culprit[0].get<int>(), 10);
  EXPECT_THAT(culprit[4].get<std::string>(), Not(HasSubstr("together")));
  std::size_t joined = 0;
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    EXPECT_EQ(rows[i][1], rows[i + 1][0]);
    const std::string words = rows[i][4];
    if (words.contains(" short parts, together")) joined += std::stoul(words);
  }
  joined += std::stoul(rows.back()[4].get<std::string>());
  EXPECT_EQ(rows.back()[1], at - story.exchange.begin_ns());
  EXPECT_EQ(joined, 1000 - (kSingleSegments + 1)) << "all but the longest and the culprit";
}

TEST(PathData, SaysWhatIsNotKnown) {
  EXPECT_EQ(paths_of(sample_exchanges())["limits"],
            (Json::array({"7 messages could not be followed: any of them may have been slower."})));
}

TEST(PathData, KeepsTheGapOfTheStory) {
  SlowestExchanges found = sample_exchanges();
  found.slowest[0].events_left_out = 5;
  found.slowest[0].left_out_at = 9;
  EXPECT_EQ(paths_of(found)["slowest"][0]["left_out"], (Json{5, 9}));
  // Near the beginning of many: what is left of the room goes to the end.
  found.slowest[1].events_left_out = 5;
  found.slowest[1].left_out_at = 10;
  EXPECT_EQ(paths_of(found)["slowest"][1]["left_out"], (Json{5 + 760, 10}));
  // Near their end: to the beginning.
  found.slowest[1].left_out_at = 990;
  EXPECT_EQ(paths_of(found)["slowest"][1]["left_out"], (Json{5 + 760, 230}));
}

}  // namespace
}  // namespace sockscope::testing
