#include "analysis/topology_comparison.h"

#include <fmt/format.h>

#include <algorithm>

namespace sockscope {
namespace {

constexpr std::string_view kHeadline = "rtt_p50_ns";

const VariantSummary* find(const std::vector<VariantSummary>& variants, Topology topology, Protocol protocol) {
  const std::string key = variant_of(topology, protocol).key;
  const auto found =
      std::ranges::find_if(variants, [&key](const VariantSummary& one) { return one.variant.key == key; });
  return found == variants.end() ? nullptr : &*found;
}

std::optional<ComparedFigure> compare(const VariantSummary& a, const VariantSummary& b, const PairedRule& rule) {
  const auto pairs = pairs_of(a, b, Watched::kUntraced, kHeadline);
  if (pairs.empty()) return std::nullopt;
  return ComparedFigure{std::string(kHeadline), Watched::kUntraced, pairs.size(), compare_pairs(pairs, rule)};
}

}  // namespace

Variant variant_of(Topology topology, Protocol protocol) {
  const Variant of_protocol = variant_of(protocol);
  return {.key = fmt::format("{}-{}", name_of(topology), of_protocol.key),
          .label = fmt::format("{} {}", name_of(topology), of_protocol.label),
          .description = {},
          .protocol = protocol};
}

std::vector<TopologyCost> topology_costs(const std::vector<VariantSummary>& variants, const PairedRule& rule) {
  std::vector<TopologyCost> costs;
  for (const Topology topology : kTopologies) {
    for (const Protocol protocol : kProtocols) {
      const VariantSummary* const summary = find(variants, topology, protocol);
      const VariantSummary* const loopback = find(variants, Topology::kLoopback, protocol);
      if (summary == nullptr || loopback == nullptr) continue;
      auto compared = compare(*summary, *loopback, rule);
      TopologyCost cost{.topology = topology, .protocol = protocol, .over_loopback = {}, .counts = {}, .steps = {}};
      if (compared) cost.rtt_p50_ns = compared->result.a;
      if (summary != loopback) cost.over_loopback = std::move(compared);
      if (summary->traced) {
        cost.counts = summary->traced->counts;
        cost.steps = summary->traced->devices.steps();
      }
      costs.push_back(std::move(cost));
    }
  }
  return costs;
}

}  // namespace sockscope
