#include "analysis/exchange_ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Exchange round_trip(std::uint64_t begin_ns, std::uint64_t duration_ns) {
  Exchange exchange;
  exchange.request = MessagePath{.enter_ns = begin_ns, .exit_ns = begin_ns + 1};
  exchange.response = MessagePath{.enter_ns = begin_ns + 1, .exit_ns = begin_ns + duration_ns};
  return exchange;
}

std::vector<std::uint64_t> begins(const ExchangeRanking& ranking) {
  std::vector<std::uint64_t> times;
  for (const auto& ranked : ranking.slowest()) times.push_back(ranked.exchange.begin_ns());
  return times;
}

TEST(ExchangeRanking, KeepsTheSlowestOfAllTheSlowestFirstAndTheEarlierOfEqualOnes) {
  ExchangeRanking ranking(3, 0);
  for (const auto& [begin, duration] :
       {std::pair{100U, 20U}, {200U, 50U}, {300U, 10U}, {400U, 30U}, {500U, 50U}, {600U, 30U}}) {
    ranking.add(round_trip(begin, duration), "tcp", 0, 1);
  }
  EXPECT_THAT(begins(ranking), ElementsAre(200, 500, 400));
  EXPECT_EQ(ranking.over(), 6U);
}

TEST(ExchangeRanking, LeavesOutWhatIsFasterThanAskedFor) {
  ExchangeRanking ranking(10, 30);
  for (const std::uint64_t duration : {29U, 30U, 31U}) ranking.add(round_trip(duration, duration), "tcp", 0, 1);
  EXPECT_THAT(begins(ranking), ElementsAre(31, 30));
  EXPECT_EQ(ranking.over(), 2U);
  EXPECT_EQ(ranking.groups().front().durations.count(), 3U);
}

TEST(ExchangeRanking, KeepsVariantsAndLoneMessagesApart) {
  ExchangeRanking ranking(10, 1000);
  Exchange lone = round_trip(0, 7);
  lone.response.reset();
  ranking.add(round_trip(0, 10), "a", 0, 1);
  ranking.add(round_trip(0, 20), "b", 1, 1);
  ranking.add(lone, "a", 2, 2);
  ASSERT_EQ(ranking.groups().size(), 3U);
  EXPECT_EQ(ranking.groups()[1].variant, "b");
  EXPECT_EQ(ExchangeRanking::median_of(ranking.groups()[1]).recording, 1U);
  EXPECT_FALSE(ranking.groups()[2].are_round_trips);
  EXPECT_EQ(ExchangeRanking::median_of(ranking.groups()[2]).duration_ns(), 1U);
  EXPECT_THAT(ranking.slowest(), IsEmpty());
}

// 1 to 10,000 in an order that has nothing to do with time: 7,919 and 10,007 are primes.
TEST(ExchangeRanking, FindsAnExchangeLikeTheMedianWithoutKeepingThemAll) {
  ExchangeRanking ranking(1, 0);
  for (std::uint64_t i = 1; i <= 10'006; ++i) ranking.add(round_trip(i * 100'000, i * 7919 % 10'007 + 2), "tcp", 0, 1);
  const ExchangeRanking::Group& group = ranking.groups().front();
  EXPECT_EQ(group.stride, 4U);
  EXPECT_EQ(group.sample.size(), 2502U);
  EXPECT_NEAR(static_cast<double>(ExchangeRanking::median_of(group).duration_ns()), 5005, 25);
  EXPECT_EQ(group.sample[1].exchange.begin_ns(), 500'000U) << "every fourth, from the first on";
}

}  // namespace
}  // namespace sockscope
