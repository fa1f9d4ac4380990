#include "analysis/percentile_support.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

TEST(PercentileSupport, FewestSamples) {
  EXPECT_EQ(fewest_samples_for(0.5), 5);       // 0.5^5 = 3.1 %, 0.5^4 = 6.3 %
  EXPECT_EQ(fewest_samples_for(0.9), 29);      // ln 0.05 / ln 0.9 = 28.4
  EXPECT_EQ(fewest_samples_for(0.1), 29);      // The same from below.
  EXPECT_EQ(fewest_samples_for(0.99), 299);    // 298.07
  EXPECT_EQ(fewest_samples_for(0.999), 2995);  // 2994.2
}

TEST(PercentileSupport, OfOneFewerIsNone) {
  EXPECT_TRUE(supports_quantile(299, 0.99));
  EXPECT_FALSE(supports_quantile(298, 0.99));
  EXPECT_FALSE(supports_quantile(0, 0.5));
}

// Ranks from scipy 1.10.1: low is the largest l with binom.cdf(l - 1, n, q) <= 0.025, high the smallest h with
// binom.sf(h - 1, n, q) <= 0.025.
TEST(PercentileSupport, RanksAroundAQuantile) {
  const auto median_of_ten = ranks_around(10, 0.5);  // The sign test's: between the second and the ninth, 97.9 %.
  ASSERT_TRUE(median_of_ten);
  EXPECT_EQ(median_of_ten->low, 2);
  EXPECT_EQ(median_of_ten->high, 9);
  const auto p99 = ranks_around(10'000, 0.99);
  ASSERT_TRUE(p99);
  EXPECT_EQ(p99->low, 9880);
  EXPECT_EQ(p99->high, 9920);
}

TEST(PercentileSupport, BothEndsTakeMoreSamplesThanOne) {
  EXPECT_FALSE(ranks_around(0, 0.5));
  EXPECT_FALSE(ranks_around(5, 0.5));     // 2 x 0.5^5 = 6.3 %
  EXPECT_TRUE(ranks_around(6, 0.5));      // 2 x 0.5^6 = 3.1 %
  EXPECT_FALSE(ranks_around(367, 0.99));  // 0.99^367 = 2.501 %
  EXPECT_TRUE(ranks_around(368, 0.99));
}

}  // namespace
}  // namespace sockscope
