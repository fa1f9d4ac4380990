#include "report/verdict_text.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

const Variant kTcp = variant_of(Protocol::kTcp);
const Variant kUdp = variant_of(Protocol::kUdp);

VariantComparison of(PairedComparison result, const char* name = "rtt_p50_ns") {
  VariantComparison comparison;
  comparison.figures.push_back({name, Watched::kUntraced, 20, result});
  return comparison;
}

const PairedComparison kUdpFaster{.a = 6'260,
                                  .b = 4'940,
                                  .difference = {1'310, Interval{1'284, 1'356}},
                                  .ratio = {1.267, Interval{1.258, 1.272}},
                                  .verdict = Verdict::kBLower};

TEST(HeadlineText, SaysWhoIsFasterByHowMuch) {
  EXPECT_EQ(headline_text(of(kUdpFaster), kTcp, kUdp),
            "UDP is faster by 1.31 us [1.28, 1.36]: 6.26 against 4.94 us, p50 of a round trip, 20 pairs of runs");
}

TEST(HeadlineText, PutsTheSmallerBoundFirstWhoeverIsFaster) {
  EXPECT_EQ(headline_text(of({.a = 4'940,
                              .b = 6'260,
                              .difference = {-1'310, Interval{-1'356, -1'284}},
                              .ratio = {0.789, Interval{0.786, 0.795}},
                              .verdict = Verdict::kALower}),
                          kTcp, kUdp),
            "TCP is faster by 1.31 us [1.28, 1.36]: 4.94 against 6.26 us, p50 of a round trip, 20 pairs of runs");
}

TEST(HeadlineText, SaysWithinWhatTheyAreTheSame) {
  EXPECT_EQ(headline_text(of({.a = 6'260,
                              .b = 6'250,
                              .difference = {10, Interval{-20, 30}},
                              .ratio = {1.002, Interval{0.997, 1.005}},
                              .verdict = Verdict::kNoDifference}),
                          kTcp, kUdp),
            "TCP and UDP are the same within 2 %: 6.26 against 6.25 us, p50 of a round trip, 20 pairs of runs");
}

TEST(HeadlineText, SaysHowManyMorePairsWouldTell) {
  PairedComparison open{.a = 6'260, .b = 6'150, .difference = {110, Interval{-200, 300}}, .ratio = {1.02, {}}};
  EXPECT_EQ(headline_text(of(open), kTcp, kUdp),
            "cannot tell from 20 pairs of runs (6.26 against 6.15 us, p50 of a round trip)");
  open.more_pairs = 30;
  EXPECT_EQ(headline_text(of(open), kTcp, kUdp),
            "cannot tell from 20 pairs of runs: about 30 more would (6.26 against 6.15 us, p50 of a round trip)");
}

TEST(VerdictText, OfCountsSaysWhoHasFewer) {
  const auto comparison = of({.a = 2, .b = 1, .difference = {1, Interval{1, 1}}, .verdict = Verdict::kBLower}, "skbs");
  EXPECT_EQ(verdict_text(comparison.rule, comparison.figures[0], kTcp, kUdp), "UDP has fewer");
  EXPECT_EQ(headline_text(comparison, kTcp, kUdp),
            "UDP has fewer by 1.000 [1.000, 1.000]: 2.000 against 1.000, packets queued (skbs), 20 pairs of runs");
}

TEST(DifferenceText, HasTheSignAndTheInterval) {
  const auto comparison = of(kUdpFaster);
  EXPECT_EQ(difference_text(comparison.figures[0]), "+1.31 [1.28, 1.36]");
  EXPECT_EQ(ratio_text(comparison.figures[0]), "1.267 [1.258, 1.272]");
}

TEST(LabelOf, IsForPeople) {
  EXPECT_EQ(label_of({.name = "rtt_p999_ns", .result = {}}), "p99.9");
  EXPECT_EQ(label_of({.name = "one_way_p50_ns", .result = {}}), "one way, p50");
  EXPECT_EQ(label_of({.name = "copies", .result = {}}), "copies");
}

}  // namespace
}  // namespace sockscope
