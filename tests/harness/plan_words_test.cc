#include "harness/plan_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/command_line.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<Options> parse(const std::vector<const char*>& words) {
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

GateOptions gate(std::vector<const char*> words) {
  words.insert(words.begin(), {"sockscope", "gate", "--baseline", "b.json"});
  const auto options = parse(words);
  EXPECT_TRUE(options) << options.error().message;
  return options ? std::get<GateOptions>(*options) : GateOptions{};
}

std::string usage_of(const std::vector<const char*>& words) {
  const auto options = parse(words);
  EXPECT_FALSE(options);
  return options ? "" : options.error().message;
}

TEST(PlanWords, AreTheOptionsOfThePlanThatWereGiven) {
  EXPECT_THAT(gate({"--junit", "j.xml", "--rounds", "7", "--size", "1400", "--untraced", "-6", "--poll", "epoll"}).plan,
              ElementsAre("--size=1400", "-6", "--poll=epoll", "--rounds=7", "--untraced"));
  EXPECT_THAT(gate({"--min-effect", "3%", "--retries", "0"}).plan, ElementsAre());
}

TEST(PlanWords, MakeTheSamePlanAgain) {
  const auto plan = parse_plan({"--size=1400", "--a=tcp --no-nodelay", "--b=tcp", "--untraced", "--rounds=7"});
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->measure.size, 1400U);
  EXPECT_EQ(plan->a, "tcp --no-nodelay");
  EXPECT_TRUE(plan->measure.untraced);
  EXPECT_EQ(plan->measure.rounds, 7U);
  EXPECT_EQ(parse_plan({"--sise=3"}).error().kind, ErrorKind::kUsage);
}

TEST(MergePlans, PutsWhatIsGivenInThePlaceOfWhatIsStored) {
  EXPECT_THAT(*merge_plans({"--size=64", "--rounds=7"}, {"--size=1400"}), ElementsAre("--rounds=7", "--size=1400"));
}

TEST(MergePlans, DropsWhatDoesNotGoWithIt) {
  EXPECT_THAT(*merge_plans({"--nodelay=on", "--count=100", "-4"}, {"--no-nodelay", "--duration=1", "-6"}),
              ElementsAre("--no-nodelay", "--duration=1", "-6"));
}

TEST(GateOptions, SayWhatTheyMean) {
  const GateOptions options = gate({"--min-effect", "3%", "--retries", "0", "--markdown", "m.md", "--update"});
  EXPECT_EQ(options.baseline, "b.json");
  EXPECT_DOUBLE_EQ(*options.min_effect, 0.03);
  EXPECT_EQ(options.retries, 0U);
  EXPECT_EQ(options.markdown, "m.md");
  EXPECT_TRUE(options.update);
  EXPECT_DOUBLE_EQ(*gate({"--min-effect", "12.5"}).min_effect, 0.125);
}

TEST(GateOptions, SayWhatMakesNoSense) {
  EXPECT_THAT(usage_of({"sockscope", "gate"}), HasSubstr("gate needs --baseline"));
  EXPECT_THAT(usage_of({"sockscope", "gate", "--baseline", "b", "--min-effect", "much"}), HasSubstr("a percentage"));
  EXPECT_THAT(usage_of({"sockscope", "gate", "--baseline", "b", "--min-effect", "0%"}), HasSubstr("a percentage"));
  EXPECT_THAT(usage_of({"sockscope", "gate", "--baseline", "b", "--self-test", "--update"}), HasSubstr("one of them"));
  EXPECT_THAT(usage_of({"sockscope", "baseline", "save", "a/b"}), HasSubstr("a/b is no name"));
  EXPECT_THAT(usage_of({"sockscope", "baseline", "drop", "a"}), HasSubstr("save"));
}

TEST(BaselineOptions, HaveANameAFileAndAPlan) {
  const auto parsed = parse({"sockscope", "baseline", "save", "one-cpu", "-o", "x.json", "--quick"});
  ASSERT_TRUE(parsed) << parsed.error().message;
  const auto& options = std::get<BaselineOptions>(*parsed);
  EXPECT_EQ(options.name, "one-cpu");
  EXPECT_EQ(options.file, "x.json");
  EXPECT_THAT(options.plan, ElementsAre("--quick"));
}

}  // namespace
}  // namespace sockscope
