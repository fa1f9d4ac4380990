#pragma once

#include <string>

#include "analysis/gate.h"

/// A figure's numbers in words that every report on a gate shares.
namespace sockscope {

/// "2.002", or "-" of what was not measured.
std::string gate_value(const std::optional<double>& value);

/// "+0.001" of a count, "1.020 [1.010, 1.030]" of a time; "-" where there is none.
std::string gate_change(const FigureJudgement& judgement);

/// "0.020" of a count, "5.0 %" of a time.
std::string gate_limit(const FigureJudgement& judgement);

/// The self-test in one sentence; empty if there was none.
std::string gate_self_test(const Baseline& baseline);

}  // namespace sockscope
