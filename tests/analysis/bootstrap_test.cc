#include "analysis/bootstrap.h"

#include <gtest/gtest.h>

#include "analysis/run_values.h"

namespace sockscope {
namespace {

// Expected intervals are SciPy 1.10.1's from 100,000 resamples: tests/statistics_study/scipy_reference.py. Those of
// two thousand differ from them by a few per cent of the interval's width.
constexpr double kOfWidth = 0.06;

const std::vector<double> kSkewed = {1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 11, 13, 16, 21, 30};
const std::vector<double> kTcp = {62.3, 62.1, 74.8, 62.6, 63.0, 62.2, 77.1, 62.4, 72.9, 62.0, 61.9, 62.8};
const std::vector<double> kUdp = {49.1, 60.2, 49.4, 48.9, 48.8, 49.6, 49.0, 61.3, 49.2, 48.7, 50.1, 49.3};

void expect_estimate(const Estimate& estimate, double value, Interval reference) {
  EXPECT_NEAR(estimate.value, value, 5e-5);
  ASSERT_TRUE(estimate.ci95);
  EXPECT_NEAR(estimate.ci95->low, reference.low, kOfWidth * reference.width());
  EXPECT_NEAR(estimate.ci95->high, reference.high, kOfWidth * reference.width());
}

// Without bias and acceleration it would be [4.3, 11.35].
TEST(Resamples, IntervalOfASkewedMeanLeansAsSciPysDoes) {
  const RunValues values(kSkewed);
  const Resamples resamples(kSkewed.size(), 1);
  expect_estimate(resamples.estimate([&](TimesDrawn drawn) { return values.mean(drawn); }), 7.45,
                  {.low = 4.7, .high = 12.4});
}

TEST(Resamples, PairsStayPairsAsInSciPy) {
  const RunValues tcp(kTcp);
  const RunValues udp(kUdp);
  const Resamples resamples(kTcp.size(), 1);
  const auto fast_ratio = [&](TimesDrawn drawn) { return tcp.quantile(0.2, drawn) / udp.quantile(0.2, drawn); };
  const auto fast_difference = [&](TimesDrawn drawn) { return tcp.quantile(0.2, drawn) - udp.quantile(0.2, drawn); };
  const auto mean_ratio = [&](TimesDrawn drawn) { return tcp.mean(drawn) / udp.mean(drawn); };
  const auto mean_difference = [&](TimesDrawn drawn) { return tcp.mean(drawn) - udp.mean(drawn); };
  expect_estimate(resamples.estimate(fast_ratio), 1.26983, {.low = 1.2576, .high = 1.2802});
  expect_estimate(resamples.estimate(fast_difference), 13.2, {.low = 12.7, .high = 13.7});
  expect_estimate(resamples.estimate(mean_ratio), 1.28113, {.low = 1.1676, .high = 1.3897});
  expect_estimate(resamples.estimate(mean_difference), 14.375, {.low = 9.275, .high = 19.6333});
}

// What mt19937_64 makes of a seed is the standard's, what becomes of it ours: the same numbers on every machine.
TEST(Resamples, AreTheSameEverywhere) {
  const RunValues values(kSkewed);
  const Estimate mean = Resamples(kSkewed.size(), 1).estimate([&](TimesDrawn drawn) { return values.mean(drawn); });
  EXPECT_DOUBLE_EQ(mean.ci95->low, 4.7);
  EXPECT_DOUBLE_EQ(mean.ci95->high, 12.65);
}

TEST(Resamples, DrawAsManyAsThereAre) {
  for (const std::size_t count : {8, 9}) {
    Resamples(count, 1).estimate([&](TimesDrawn drawn) {
      std::size_t sum = 0;
      for (const std::uint16_t times : drawn) sum += times;
      EXPECT_TRUE(sum == count || sum == count - 1) << sum;  // One is left out in turn for the acceleration.
      return static_cast<double>(drawn[0]);
    });
  }
}

TEST(Resamples, OfSevenThereIsNoInterval) {
  const auto first = [](TimesDrawn drawn) { return static_cast<double>(drawn[0]); };
  EXPECT_FALSE(Resamples(7, 1).estimate(first).ci95);
  EXPECT_EQ(Resamples(7, 1).estimate(first).value, 1);
  EXPECT_TRUE(Resamples(8, 1).estimate(first).ci95);
  EXPECT_FALSE(Resamples(0, 1).estimate(first).ci95);
}

}  // namespace
}  // namespace sockscope
