#pragma once

#include <optional>

#include "analysis/summary.h"

namespace sockscope {

/// That part of a variant's traced round trips; null without it.
[[nodiscard]] const StageSummary* find_stage(const VariantSummary& side, const RoundTripPart& wanted);

/// What a stage adds to the mean round trip, in nanoseconds: nothing where it is absent, so that the stages add up.
/// Nothing to say where no message has it.
[[nodiscard]] std::optional<double> mean_share_of(const StageSummary& stage);

/// The stages' shares together; absent without stages.
[[nodiscard]] std::optional<double> sum_of_stages(const VariantSummary& side);

/// "request  send"
[[nodiscard]] std::string label_of(const RoundTripPart& part);

}  // namespace sockscope
