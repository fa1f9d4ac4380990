#pragma once

#include "report/gate_report.h"

namespace sockscope::testing {

/// One figure of each verdict, a name that every format has to escape, and a self-test. Regressed.
GateReport red_gate();

/// All figures as they were.
GateReport green_gate();

/// Another machine: not a single figure was judged.
GateReport other_machine();

}  // namespace sockscope::testing
