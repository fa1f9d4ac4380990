#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "analysis/summary.h"

/// What the JSON reports have in common.
namespace sockscope {

using Json = nlohmann::ordered_json;

/// Six decimals are finer than anything measured here, and hide what differs between floating-point units.
[[nodiscard]] double rounded(double value);

/// A compared figure, as results/README.md has it under <compared>.
[[nodiscard]] Json compared_figure(const ComparedFigure& figure);

/// Pretty-printed pure ASCII with a trailing line feed: what a hostile command name holds reaches a terminal as an
/// escaped code point at worst.
[[nodiscard]] std::string text_of(const Json& json);

}  // namespace sockscope
