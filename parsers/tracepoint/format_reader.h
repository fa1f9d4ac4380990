#pragma once

#include <cstdint>
#include <set>

#include "base/error.h"
#include "parsers/perf_data/tracing_data.h"
#include "parsers/tracepoint/format.h"

namespace sockscope::tracepoint {

/// The only user of libtraceevent: turns checked format texts into Formats and keeps nothing of the library's.
class FormatReader {
 public:
  /// `long_size` of the recorded kernel, 4 or 8.
  FormatReader(int long_size, perf_data::ByteOrder order) noexcept;

  /// kInput with the reason when the text is not what a kernel writes, or its id has been read before.
  [[nodiscard]] Result<Format> read(const perf_data::FormatSource& source);

 private:
  int long_size_;
  perf_data::ByteOrder order_;
  std::set<std::uint16_t> seen_;
};

}  // namespace sockscope::tracepoint
