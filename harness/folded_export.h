#pragma once

#include "base/error.h"
#include "harness/options.h"
#include "harness/traced_recordings.h"

namespace sockscope {

/// Writes the call chains of all recordings as folded stacks. kInput if none has call chains.
[[nodiscard]] Result<> export_folded(const ReportOptions& options, const TracedRecordings& traced);

}  // namespace sockscope
