#include "analysis/exchange_ranking.h"

#include <algorithm>
#include <tuple>

namespace sockscope {
namespace {

bool is_slower(const ExchangeRanking::Ranked& a, const ExchangeRanking::Ranked& b) {
  return std::tuple(b.duration_ns(), a.recording, a.exchange.begin_ns()) <
         std::tuple(a.duration_ns(), b.recording, b.exchange.begin_ns());
}

void add_to_sample(ExchangeRanking::Group& group, const ExchangeRanking::Ranked& ranked) {
  if ((group.durations.count() - 1) % group.stride != 0) return;
  group.sample.push_back(ranked);
  if (group.sample.size() < ExchangeRanking::kMostSampled) return;
  for (std::size_t i = 0; i < group.sample.size() / 2; ++i) group.sample[i] = group.sample[2 * i];
  group.sample.resize(group.sample.size() / 2);
  group.stride *= 2;
}

}  // namespace

void ExchangeRanking::add(const Exchange& exchange, const std::string& variant, std::size_t recording, unsigned round) {
  const Ranked ranked{
      .exchange = exchange, .group = group_of(exchange, variant), .recording = recording, .round = round};
  Group& group = groups_[ranked.group];
  group.durations.record(ranked.duration_ns());
  add_to_sample(group, ranked);
  if (ranked.duration_ns() < over_ns_) return;
  ++over_;
  if (most_ == 0) return;
  if (slowest_.size() == most_) {
    if (!is_slower(ranked, slowest_.front())) return;
    std::ranges::pop_heap(slowest_, is_slower);
    slowest_.pop_back();
  }
  slowest_.push_back(ranked);
  std::ranges::push_heap(slowest_, is_slower);
}

std::size_t ExchangeRanking::group_of(const Exchange& exchange, const std::string& variant) {
  const auto found = std::ranges::find_if(groups_, [&](const Group& group) {
    return group.variant == variant && group.are_round_trips == exchange.is_round_trip();
  });
  if (found != groups_.end()) return static_cast<std::size_t>(found - groups_.begin());
  Group& group = groups_.emplace_back();
  group.variant = variant;
  group.are_round_trips = exchange.is_round_trip();
  return groups_.size() - 1;
}

std::vector<ExchangeRanking::Ranked> ExchangeRanking::slowest() const {
  std::vector<Ranked> sorted = slowest_;
  std::ranges::sort(sorted, is_slower);
  return sorted;
}

const ExchangeRanking::Ranked& ExchangeRanking::median_of(const Group& group) {
  const std::uint64_t median = group.durations.quantile(0.5);
  return *std::ranges::min_element(group.sample, {}, [median](const Ranked& ranked) {
    const std::uint64_t duration = ranked.duration_ns();
    return duration > median ? duration - median : median - duration;
  });
}

}  // namespace sockscope
