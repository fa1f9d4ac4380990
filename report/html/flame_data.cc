#include "report/html/flame_data.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace sockscope {
namespace {

// perf records at most 127 frames unless it is told otherwise; a file of somebody else's may say anything.
constexpr std::size_t kDeepest = 256;

using Stacks = std::span<const ComparedStack>;

Json node_of(std::string_view name, const std::array<double, 2>& rates) {
  return {{"n", name}, {"a", rounded(rates[0])}, {"b", rounded(rates[1])}};
}

std::array<double, 2> added_up(Stacks stacks) {
  std::array<double, 2> sum{};
  for (const ComparedStack& stack : stacks) {
    for (std::size_t side = 0; side < sum.size(); ++side) sum[side] += stack.rates[side];
  }
  return sum;
}

bool has_frame(const ComparedStack& stack, std::size_t depth) { return stack.frames.size() > depth; }

/// The stacks from the first on that have its frame at this depth; they are sorted, so that these lie together.
Stacks same_frame(Stacks stacks, std::size_t depth) {
  const std::string& frame = stacks.front().frames[depth];
  const auto end = std::ranges::find_if(
      stacks, [&](const ComparedStack& stack) { return !has_frame(stack, depth) || stack.frames[depth] != frame; });
  return stacks.first(static_cast<std::size_t>(end - stacks.begin()));
}

// NOLINTNEXTLINE(misc-no-recursion): a tree, no deeper than kDeepest
Json children_of(Stacks stacks, std::size_t depth, double least) {
  Json children = Json::array();
  while (!stacks.empty()) {
    if (!has_frame(stacks.front(), depth)) {
      stacks = stacks.subspan(1);
      continue;
    }
    const Stacks same = same_frame(stacks, depth);
    stacks = stacks.subspan(same.size());
    const auto rates = added_up(same);
    if (std::ranges::max(rates) < least) continue;
    Json child = node_of(same.front().frames[depth], rates);
    if (depth + 1 < kDeepest) {
      Json grandchildren = children_of(same, depth + 1, least);
      if (!grandchildren.empty()) child["c"] = std::move(grandchildren);
    }
    children.push_back(std::move(child));
  }
  return children;
}

}  // namespace

Json flame_tree(std::span<const ComparedStack> stacks, double least) {
  Json root = node_of("all", added_up(stacks));
  root["c"] = children_of(stacks, 0, least);
  return root;
}

}  // namespace sockscope
