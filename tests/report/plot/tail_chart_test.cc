#include "report/plot/tail_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace sockscope {
namespace {

using ::testing::ElementsAre;

const Style kPlain(false);

Histogram histogram_of(std::initializer_list<std::pair<std::uint64_t, int>> values) {
  Histogram histogram;
  for (const auto& [value, times] : values) {
    for (int i = 0; i < times; ++i) histogram.record(value);
  }
  return histogram;
}

/// Of ten: nine took 1 us, one took 10 us. Beside the 7 columns for the labels a decade has 33.
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
                          "      └┴────────┴─────────────┴────────┴",  //
                          "       1 us   2 us          5 us   10 us"));
}

// Of a hundred: TCP has five at 10 us and the others at 1 us, UDP all of them at 3.2 us, half way.
TEST(TailChart, TwoCurvesCanBeToldApartAndCross) {
  const Histogram tcp = histogram_of({{1'000, 95}, {10'000, 5}});
  const Histogram udp = histogram_of({{3'200, 100}});
  const std::array<Curve, 2> curves{{{.label = "TCP", .times = &tcp}, {.label = "UDP", .times = &udp}}};
  const Screen ascii{.width = 40, .glyphs = Glyphs::kAscii};
  EXPECT_THAT(tail_chart(curves, ascii, kPlain),
              ElementsAre("       TT TCP   UU UDP   * both",           //
                          " 99 % +                U               T",  //
                          "      |                U               T",  //
                          "      |                U               T",  //
                          "      |                U               T",  //
                          "      |                U               T",  //
                          "      |TTTTTTTTTTTTTTTT*TTTTTTTTTTTTTTTT",  //
                          " 90 % +T               U",                  //
                          "      |T               U",                  //
                          "      |T               U",                  //
                          "      |T               U",                  //
                          " 50 % +T               U",                  //
                          "      |T               U",                  //
                          "  0 % +T               U",                  //
                          "      ++--------+-------------+--------+",  //
                          "       1 us   2 us          5 us   10 us"));
  const Screen unicode{.width = 40, .glyphs = Glyphs::kUnicode};
  const auto lines = tail_chart(curves, unicode, kPlain);
  EXPECT_EQ(lines[0], "       ══ TCP   ── UDP");
  EXPECT_EQ(lines[1], " 99 % ┤                │               ║");
  EXPECT_EQ(lines[6], "      │╔═══════════════╪═══════════════╝");
  EXPECT_EQ(lines[7], " 90 % ┤║               │");
}

TEST(TailChart, ALineThatRunsAlongCrossesADoubleOneThatRisesToo) {
  const Histogram tcp = histogram_of({{3'200, 100}});
  const Histogram udp = histogram_of({{1'000, 95}, {10'000, 5}});
  const std::array<Curve, 2> curves{{{.label = "TCP", .times = &tcp}, {.label = "UDP", .times = &udp}}};
  const auto lines = tail_chart(curves, {.width = 40, .glyphs = Glyphs::kUnicode}, kPlain);
  EXPECT_EQ(lines[6], "      │┌───────────────╫───────────────┘");
}

TEST(TailChart, ACurveEndsWithItsSlowest) {
  const Histogram tcp = histogram_of({{1'000, 1'000}});
  const Histogram udp = histogram_of({{1'200, 10}});
  const std::array<Curve, 2> curves{{{.label = "TCP", .times = &tcp}, {.label = "UDP", .times = &udp}}};
  const auto lines = tail_chart(curves, {.width = 40, .glyphs = Glyphs::kAscii}, kPlain);
  // 0.98 to 1.22 us, widened so that there is a quarter between them, in 31 columns: 1 us is at 2.8, 1.2 us at 28.2.
  // Three decades of six rows, and the one that 99.9 % begins: the slowest of ten is beyond 90 %, a decade up.
  ASSERT_EQ(lines.size(), 1U + 19U + 2U);
  EXPECT_EQ(lines[12], "        |  T");
  EXPECT_EQ(lines[13], "   90 % +  T                         U");
}

TEST(TailChart, ColoursEachCurve) {
  const Histogram times = histogram_of({{1'000, 2}});
  const std::array<Curve, 2> curves{{{.label = "A", .times = &times}, {.label = "B", .times = &times}}};
  const auto lines = tail_chart(curves, {.width = 40, .glyphs = Glyphs::kAscii}, Style(true));
  EXPECT_EQ(lines[0], "      \x1b[36mAA\x1b[0m A   \x1b[35mBB\x1b[0m B   * both");
}

}  // namespace
}  // namespace sockscope
