#pragma once

#include <span>

#include "analysis/function_comparison.h"
#include "report/figure_json.h"

namespace sockscope {

/// Call chains as the tree that d3-flame-graph draws: {n: name, a: rate, b: rate, c: [children]}, the rates in samples
/// a message, of all chains that go through the frame. The root is all of them.
///
/// Frames below `least` samples a message in both variants are left out with what lies above them, so that a page does
/// not grow with how long was recorded; those below them keep the whole width. So is what lies deeper than any kernel
/// stack goes.
[[nodiscard]] Json flame_tree(std::span<const ComparedStack> stacks, double least);

}  // namespace sockscope
