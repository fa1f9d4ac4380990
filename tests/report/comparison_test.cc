#include "report/comparison.h"

#include <gtest/gtest.h>

#include "report/numbers.h"

namespace sockscope {
namespace {

std::string rendered(const Comparison& comparison) { return comparison.grid().render(Style(false)); }

/// A protocol that has nothing but an untraced minimum to compare.
VariantSummary protocol_with(Protocol protocol, std::optional<std::uint64_t> rtt_ns) {
  VariantSummary summary;
  summary.variant = variant_of(protocol);
  if (rtt_ns) summary.untraced.emplace().rtt.record(*rtt_ns);
  return summary;
}

Figure minimum_of(const VariantSummary& protocol) {
  if (!protocol.untraced) return {};
  return {static_cast<double>(protocol.untraced->rtt.min())};
}

TEST(Comparison, SubtractsAndDividesTheSecondFromTheFirst) {
  const std::vector protocols{protocol_with(Protocol::kTcp, 9'000), protocol_with(Protocol::kUdp, 12'000)};
  Comparison comparison(protocols);
  comparison.add("min", minimum_of, format_us);
  EXPECT_EQ(rendered(comparison),
            "                                          TCP          UDP    TCP - UDP    TCP / UDP\n"
            "  min                                    9.00        12.00        -3.00         0.75\n");
}

TEST(Comparison, OneProtocolHasNothingToCompareWith) {
  const std::vector protocols{protocol_with(Protocol::kUdp, 9'000)};
  Comparison comparison(protocols);
  comparison.add("min", minimum_of, format_us);
  EXPECT_EQ(rendered(comparison),
            "                                          UDP\n"
            "  min                                    9.00\n");
}

TEST(Comparison, WhatIsAbsentIsADash) {
  const std::vector protocols{protocol_with(Protocol::kTcp, 9'000), protocol_with(Protocol::kUdp, std::nullopt)};
  Comparison comparison(protocols);
  comparison.add("min", minimum_of, format_ratio);
  EXPECT_EQ(rendered(comparison),
            "                                          TCP          UDP    TCP - UDP    TCP / UDP\n"
            "  min                                9,000.00            -            -            -\n");
}

TEST(Comparison, ARowWithoutAnyValueIsLeftOut) {
  const std::vector protocols{protocol_with(Protocol::kTcp, std::nullopt)};
  Comparison comparison(protocols);
  comparison.add("min", minimum_of, format_us);
  comparison.add_values("min", minimum_of, format_us);
  EXPECT_TRUE(comparison.grid().empty());
}

TEST(Comparison, NothingIsDividedByZero) {
  EXPECT_EQ(ratio_of({1.0}, {0.0}).text, "-");
  EXPECT_EQ(ratio_of({0.0}, {2.0}).text, "0.00");
}

TEST(Comparison, WhatDerivesFromADoubtfulFigureIsDoubtful) {
  EXPECT_TRUE(difference_of({3.0, true}, {1.0, false}, format_ratio).doubtful);
  EXPECT_TRUE(ratio_of({3.0, false}, {1.0, true}).doubtful);
  EXPECT_FALSE(ratio_of({3.0, false}, {1.0, false}).doubtful);
  EXPECT_FALSE(cell_of({std::nullopt, true}, format_ratio).doubtful) << "a dash claims nothing";
}

}  // namespace
}  // namespace sockscope
