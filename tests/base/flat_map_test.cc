#include "base/flat_map.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sockscope {
namespace {

template <class Key, class Value>
std::map<Key, Value> content_of(const FlatMap<Key, Value>& map) {
  std::map<Key, Value> content;
  map.for_each([&](Key key, const Value& value) { content[key] = value; });
  return content;
}

TEST(FlatMap, IsEmptyAtFirst) {
  FlatMap<int, int> map;
  EXPECT_EQ(map.find(1), nullptr);
  EXPECT_EQ(map.size(), 0U);
  map.erase(1);
  map.erase_if([](int, int) { return true; });
  EXPECT_TRUE(content_of(map).empty());
}

TEST(FlatMap, MakesAValueOnFirstSight) {
  FlatMap<std::int32_t, std::string> map;
  map[-1] = "minus one";
  map[0] += "zero";
  EXPECT_EQ(map[7], "");
  EXPECT_EQ(*map.find(-1), "minus one");
  EXPECT_EQ(content_of(map), (std::map<std::int32_t, std::string>{{-1, "minus one"}, {0, "zero"}, {7, ""}}));
}

// The same calls on a std::map, with keys that collide: skb addresses, 64 bytes apart, and their neighbours.
TEST(FlatMap, DoesAsAMapDoes) {
  FlatMap<std::uint64_t, int> map;
  std::map<std::uint64_t, int> reference;
  std::uint64_t state = 1;
  for (int step = 0; step < 100'000; ++step) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const std::uint64_t key = 0xffff888100000000 + (state >> 40U) % 500 * 64;
    if ((state >> 33U) % 3 == 0) {
      map.erase(key);
      reference.erase(key);
    } else {
      map[key] = step;
      reference[key] = step;
    }
    ASSERT_EQ(map.size(), reference.size());
  }
  EXPECT_EQ(content_of(map), reference);
  map.erase_if([](std::uint64_t, int value) { return value % 2 == 0; });
  std::erase_if(reference, [](const auto& entry) { return entry.second % 2 == 0; });
  EXPECT_EQ(content_of(map), reference);
  for (const auto& [key, value] : reference) EXPECT_EQ(*map.find(key), value);
}

}  // namespace
}  // namespace sockscope
