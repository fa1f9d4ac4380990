#include "harness/run_plan.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <ranges>
#include <utility>

namespace sockscope {

Watched watched_as(Watch watch) {
  switch (watch) {
    case Watch::kNobody:
      return Watched::kUntraced;
    case Watch::kCounters:
      return Watched::kCounted;
    case Watch::kPerf:
      return Watched::kTraced;
    case Watch::kNested:
      return Watched::kNested;
  }
  return Watched::kUntraced;
}

namespace {

/// Of two, a bit says which is first; the shuffle of more is of the C++ library's making.
void draw_order(std::mt19937_64& random, std::vector<std::size_t>& order) {
  std::ranges::sort(order);
  if (order.size() > 2) {
    std::ranges::shuffle(order, random);
  } else if ((random() & 1U) != 0) {
    std::ranges::reverse(order);
  }
}

}  // namespace

std::vector<RunStep> interleave(unsigned rounds, std::size_t variants, bool with_traced, std::uint64_t seed) {
  std::vector<Watch> watches{Watch::kNobody, Watch::kCounters};
  if (with_traced) watches.push_back(Watch::kPerf);
  std::mt19937_64 random(seed);
  std::vector<std::size_t> order(variants);
  std::ranges::copy(std::views::iota(std::size_t{0}, variants), order.begin());

  std::vector<RunStep> steps;
  steps.reserve(std::size_t{rounds} * watches.size() * variants);
  for (unsigned round = 1; round <= rounds; ++round) {
    // Of each two rounds the second has the order that the first has not.
    if (round % 2 == 1) {
      draw_order(random, order);
    } else {
      std::ranges::reverse(order);
    }
    for (const Watch watch : watches) {
      for (const std::size_t variant : order) steps.push_back({round, variant, watch});
    }
    std::ranges::reverse(watches);
  }
  return steps;
}

std::span<const RunStep> first_pair(std::span<const RunStep> steps) {
  const auto other = std::ranges::find_if(steps, [&](const RunStep& step) {
    return step.round != steps.front().round || step.watch != steps.front().watch;
  });
  return steps.first(static_cast<std::size_t>(other - steps.begin()));
}

void add_nested(RunPlan& plan) {
  constexpr unsigned enough = 10;
  const unsigned every = std::max(1U, plan.rounds / enough);
  const std::vector<RunStep> without = std::exchange(plan.steps, {});
  for (std::span<const RunStep> left = without; !left.empty();) {
    const auto pair = first_pair(left);
    const unsigned round = pair.front().round - 1;
    std::vector<RunStep> nested;
    if (pair.front().watch == Watch::kPerf && round % every == 0) nested.assign(pair.begin(), pair.end());
    for (RunStep& step : nested) step.watch = Watch::kNested;
    const bool is_before = (round / every) % 2 == 1;
    if (is_before) std::ranges::copy(nested, std::back_inserter(plan.steps));
    std::ranges::copy(pair, std::back_inserter(plan.steps));
    if (!is_before) std::ranges::copy(nested, std::back_inserter(plan.steps));
    left = left.subspan(pair.size());
  }
}

}  // namespace sockscope
