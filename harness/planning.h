#pragma once

#include <vector>

#include "base/error.h"
#include "harness/run_plan.h"
#include "harness/variant_options.h"

namespace sockscope {

/// Makes a plan out of what was asked for and the CPUs that are allowed. kUsage, naming the option, if they do not go
/// together.
Result<RunPlan> make_plan(const std::vector<VariantOptions>& variants, bool with_traced,
                          const std::vector<int>& allowed_cpus);

}  // namespace sockscope
