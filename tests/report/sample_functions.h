#pragma once

#include "report/functions_report.h"

namespace sockscope::testing {

/// TCP and UDP, three rounds of 100 messages each, with every list filled.
FunctionsReport sample_functions();

/// Lost events, a damaged recording, an interrupt, another tracer, and names that nobody chose well.
FunctionsReport flawed_functions();

}  // namespace sockscope::testing
