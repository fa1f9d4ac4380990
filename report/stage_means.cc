#include "report/stage_means.h"

#include <fmt/format.h>

#include <algorithm>

namespace sockscope {

const StageSummary* find_stage(const VariantSummary& side, const RoundTripPart& wanted) {
  if (!side.traced) return nullptr;
  const auto& stages = side.traced->stages;
  const auto found = std::ranges::find_if(
      stages, [&](const StageSummary& stage) { return RoundTripPart{stage.direction, stage.stage} == wanted; });
  return found == stages.end() ? nullptr : &*found;
}

std::optional<double> mean_share_of(const StageSummary& stage) {
  const std::uint64_t messages = stage.durations.count() + stage.absent;
  if (stage.durations.empty()) return std::nullopt;
  return static_cast<double>(stage.durations.sum()) / static_cast<double>(messages);
}

std::optional<double> sum_of_stages(const VariantSummary& side) {
  if (!side.traced || side.traced->stages.empty()) return std::nullopt;
  double sum = 0;
  for (const StageSummary& stage : side.traced->stages) sum += mean_share_of(stage).value_or(0);
  return sum;
}

std::string label_of(const RoundTripPart& part) {
  return fmt::format("{:<9}{}", name_of(part.first), name_of(part.second));
}

}  // namespace sockscope
