#pragma once

#include "base/error.h"
#include "base/interrupt.h"
#include "harness/gate_options.h"

namespace sockscope {

/// `gate --self-test`: measures the plan twice as it is and once with a delay, and keeps what that says with the
/// baseline, if there is one.
Result<int> run_self_test(const GateOptions& options, const Interrupt& interrupt);

}  // namespace sockscope
