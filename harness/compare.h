#pragma once

#include "analysis/summary.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "harness/options.h"

namespace sockscope {

/// Measures one size, in a directory of its own if the run is kept. Interrupted runs bring what was finished.
Result<Summary> compare_once(const CompareOptions& options, const Interrupt& interrupt);

}  // namespace sockscope
