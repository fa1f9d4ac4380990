#include "parsers/perf_data/id_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace sockscope::perf_data {
namespace {

std::vector<Attr> attrs_with(const std::vector<std::vector<std::uint64_t>>& ids) {
  std::vector<Attr> attrs;
  for (const auto& list : ids) attrs.emplace_back().ids = list;
  return attrs;
}

TEST(IdTable, FindsTheAttrOfEachId) {
  const IdTable table(attrs_with({{21, 22}, {23, 25}, {30}}));
  EXPECT_EQ(table.find(21), 0U);
  EXPECT_EQ(table.find(22), 0U);
  EXPECT_EQ(table.find(23), 1U);
  EXPECT_EQ(table.find(25), 1U);
  EXPECT_EQ(table.find(30), 2U);
}

TEST(IdTable, KnowsWhatItDoesNotHave) {
  const IdTable table(attrs_with({{21, 22}, {23, 25}, {30}}));
  for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{20}, std::uint64_t{24}, std::uint64_t{31},
                                 std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(table.find(id), kNoAttr) << id;
  }
  EXPECT_EQ(IdTable().find(0), kNoAttr);
  EXPECT_EQ(IdTable(attrs_with({{}, {}})).find(0), kNoAttr);
}

TEST(IdTable, TakesIdsFarApart) {
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  const IdTable table(attrs_with({{0}, {max}, {max / 2}}));
  EXPECT_EQ(table.find(0), 0U);
  EXPECT_EQ(table.find(max), 1U);
  EXPECT_EQ(table.find(max / 2), 2U);
  EXPECT_EQ(table.find(1), kNoAttr);
}

TEST(IdTable, OfTwoClaimsTheFirstCounts) {
  EXPECT_EQ(IdTable(attrs_with({{7}, {7, 8}})).find(7), 0U);
  EXPECT_EQ(IdTable(attrs_with({{7}, {7, std::uint64_t{1} << 60U}})).find(7), 0U);
}

}  // namespace
}  // namespace sockscope::perf_data
