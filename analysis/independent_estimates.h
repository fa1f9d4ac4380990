#pragma once

#include "analysis/paired_comparison.h"

namespace sockscope {

/// a - b of two estimates that have nothing to do with each other; its interval comes from theirs by their distances
/// from the middle, squared and added (MOVER: Zou and Donner 2008). Without one where either has none.
Estimate difference_of(const Estimate& a, const Estimate& b);

/// a / b, likewise, on the scale of logarithms. All bounds must be above 0.
Estimate ratio_of(const Estimate& a, const Estimate& b);

}  // namespace sockscope
