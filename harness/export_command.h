#pragma once

#include "base/error.h"
#include "harness/options.h"

namespace sockscope {

/// Whether a format is not of the summary but of what is in the recordings, for other programs to read.
[[nodiscard]] bool is_export(Format format);

/// Writes the recordings behind options.path in such a format to options.output. kUsage where that makes no sense, as
/// with the recording itself as output.
[[nodiscard]] Result<> export_recordings(const ReportOptions& options);

}  // namespace sockscope
