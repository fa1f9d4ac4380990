#include "parsers/trace_dat/trace_dat.h"

#include "parsers/trace_dat/event_merge.h"
#include "tests/fuzz/target.h"

// A whole trace.dat: what describes it, and every event of it in order.
namespace sockscope::trace_dat {
namespace {

void run(Bytes input) {
  const auto trace = parse_trace_dat(input);
  if (!trace) return;
  for (const std::string_view text : {trace->header_page, trace->header_event, trace->kallsyms, trace->cmdlines}) {
    fuzz::touch(text);
  }
  fuzz::touch(trace->ftrace_formats);
  fuzz::touch(trace->event_formats);
  const auto layout = ring_buffer::PageLayout::parse(trace->header_page);
  if (!layout) return;
  EventMerge events(*trace, *layout);
  while (const TracedEvent* const event = events.next()) fuzz::touch(event->payload);
}

}  // namespace
}  // namespace sockscope::trace_dat

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sockscope::trace_dat::run(sockscope::fuzz::input_bytes(data, size));
  return 0;
}
