#include "analysis/trace_analysis.h"
#include "parsers/perf_data/byte_cursor.h"
#include "tests/fuzz/event_input.h"
#include "tests/fuzz/target.h"

// Events in any order, with any content, at any time (event_input.h), through the analysis.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sockscope;  // NOLINT(google-build-using-namespace): the program is nothing but this
  perf_data::ByteCursor cursor(fuzz::input_bytes(data, size));
  TraceAnalysis analysis;
  for (const Event& event : fuzz::read_events(cursor)) analysis.on(event);
  static_cast<void>(analysis.result());
  return 0;
}
