#include "report/plot/tail_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Style kPlain(false);

Histogram histogram_of(std::initializer_list<std::pair<std::uint64_t, int>> values) {
  Histogram histogram;
  for (const auto& [value, times] : values) {
    for (int i = 0; i < times; ++i) histogram.record(value);
  }
  return histogram;
}

/// Of ten: nine took 1 us, one took 10 us. The axis has 33 columns a decade beside the 7 for the labels.
std::vector<Curve> one_of_ten_is_slow(const Histogram& times) { return {{.label = "TCP", .times = &times}}; }

TEST(TailChart, StepsToTheRightWhereAShareIsReached) {
  const Histogram times = histogram_of({{1'000, 9}, {10'000, 1}});
  EXPECT_THAT(tail_chart(one_of_ten_is_slow(times), {.width = 40, .glyphs = Glyphs::kUnicode}, kPlain),
              ElementsAre("       ══ TCP",                             //
                          " 90 % ┤╔═══════════════════════════════╝",  //
                          "      │║",                                  //
                          "      │║",                                  //
                          "      │║",                                  //
                          " 50 % ┤║",                                  //
                          "      │║",                                  //
                          "  0 % ┤║",                                  //
                          "      └┴─────────┴─────┴───┴──┴─┴─┴──┴─┴┴", ""));
}

}  // namespace
}  // namespace sockscope
