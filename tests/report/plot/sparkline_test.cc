#include "report/plot/sparkline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "report/plot/distributions.h"

namespace sockscope {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Histogram histogram_of(std::initializer_list<std::pair<std::uint64_t, int>> values) {
  Histogram histogram;
  for (const auto& [value, times] : values) {
    for (int i = 0; i < times; ++i) histogram.record(value);
  }
  return histogram;
}

TEST(Sparkline, HasAnEighthForAnEighthOfTheFullestBin) {
  constexpr std::array<double, 9> bins{0, 1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(sparkline(bins, Glyphs::kUnicode), "·▁▂▃▄▅▆▇█");
  EXPECT_EQ(sparkline(bins, Glyphs::kAscii), ".:-=+*#%@");
}

TEST(Sparkline, RoundsToTheNearestEighth) {
  constexpr std::array<double, 3> bins{2.4, 2.6, 8};
  EXPECT_EQ(sparkline(bins, Glyphs::kUnicode), "▂▃█");
}

TEST(Sparkline, ShowsThatThereIsSomethingHoweverLittle) {
  constexpr std::array<double, 3> bins{1, 0, 1'000'000};
  EXPECT_EQ(sparkline(bins, Glyphs::kUnicode), "▁·█");
}

TEST(Sparkline, OfNothing) {
  EXPECT_EQ(sparkline({}, Glyphs::kUnicode), "");
  constexpr std::array<double, 2> empty{0, 0};
  EXPECT_EQ(sparkline(empty, Glyphs::kAscii), "..");
}

TEST(Binned, PartsOfTheRangeAreEqualInRatio) {
  const Histogram histogram = histogram_of({{1'100, 1}, {2'200, 2}, {4'400, 4}, {8'800, 8}, {20'000, 7}, {900, 5}});
  EXPECT_THAT(binned(histogram, {.from_ns = 1'000, .to_ns = 16'000}, 4), ElementsAre(1, 2, 4, 8));
}

TEST(Binned, SharesOutABucketThatLiesInTwoParts) {
  // Times below 512 ns have a bucket each: of [2, 3) ln(2.25 / 2) / ln(3 / 2) = 0.2905 lie below 1.5 squared.
  const Histogram histogram = histogram_of({{2, 100}});
  EXPECT_THAT(binned(histogram, {.from_ns = 1, .to_ns = 5}, 2),
              ElementsAre(DoubleNear(27.52, 0.01), DoubleNear(72.48, 0.01)));
}

TEST(Binned, NothingIsBetweenZeroAndOne) {
  EXPECT_THAT(binned(histogram_of({{0, 3}, {1, 4}}), {.from_ns = 0, .to_ns = 2}, 2),
              ElementsAre(DoubleNear(3, 1e-9), DoubleNear(4, 1e-9)));
}

TEST(RangeOf, IsFromTheSmallestOfAllToTheLargestQuantile) {
  const Histogram one = histogram_of({{100, 98}, {200, 1}, {400, 1}});
  const Histogram other = histogram_of({{90, 100}});
  const Histogram none;
  const std::array<const Histogram*, 3> all{&one, &other, &none};
  EXPECT_EQ(range_of(all, 0.99), (TimeRange{.from_ns = 90, .to_ns = 201}));
}

TEST(DistributionLines, HaveOneAxis) {
  // 100 to 400 ns in the 34 columns beside the labels: 17 for each power of two.
  const Histogram one = histogram_of({{100, 8}, {399, 4}});
  const Histogram other = histogram_of({{199, 1}});
  const std::array<LabelledTimes, 3> all{{{"TCP", &one}, {"UDP", &other}, {"SCTP", nullptr}}};
  EXPECT_THAT(distribution_lines(all, {.width = 41, .glyphs = Glyphs::kUnicode}, Style(false)),
              ElementsAre("  TCP  █································▄", "  UDP  ················█·················",
                          "       0.10                      p99 0.40"));
  EXPECT_THAT(distribution_lines(all, {.width = 41, .glyphs = Glyphs::kAscii}, Style(false)),
              ElementsAre("  TCP  @................................+", "  UDP  ................@.................",
                          "       0.10                      p99 0.40"));
}

TEST(DistributionLines, OfNothingAreNone) {
  const Histogram none;
  const std::array<LabelledTimes, 2> all{{{"TCP", &none}, {"UDP", nullptr}}};
  EXPECT_THAT(distribution_lines(all, {}, Style(false)), IsEmpty());
}

}  // namespace
}  // namespace sockscope
