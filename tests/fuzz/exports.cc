#include <string>

#include "analysis/event_decoder.h"
#include "analysis/trace_analysis.h"
#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"
#include "report/events/text_buffer.h"
#include "report/export/folded_stacks.h"
#include "report/export/kernel_symbols.h"
#include "report/export/message_rows.h"
#include "report/export/message_slices.h"
#include "report/export/perfetto_packets.h"
#include "report/export/perfetto_threads.h"
#include "report/export/thread_states.h"
#include "tests/fuzz/target.h"

// A whole perf.data in memory, into each export but CTF, whose files babeltrace2 writes.
namespace sockscope {
namespace {

void write_messages(const perf_data::Reader& reader, const tracepoint::Catalog& catalog) {
  PerfettoPackets packets([](std::string_view bytes) { fuzz::touch(bytes); });
  PerfettoThreads threads(packets);
  MessageSlices slices(packets, threads);
  MessageRows csv(MessageRows::Style::kCsv);
  MessageRows lines(MessageRows::Style::kJsonLines);
  TextBuffer text;
  write_thread_states(reader, catalog, threads, packets);

  TraceAnalysis analysis;
  analysis.tell([&](const Exchange& exchange) {
    slices.write(exchange);
    csv.write(exchange, text);
    lines.write(exchange, text);
    fuzz::touch(text.text());
    text.clear();
  });
  const EventDecoder decoder(catalog, reader.info().arch);
  Event event;
  for (auto stream = reader.records(); const perf_data::Record* const record = stream.next();) {
    if (decoder.decode(*record, event) == EventDecoder::Outcome::kDecoded) analysis.on(event);
  }
  static_cast<void>(analysis.result());
  packets.flush();
  if (csv.count() != lines.count() || csv.count() != slices.count()) __builtin_trap();
}

void run(perf_data::Bytes input) {
  const auto reader = perf_data::Reader::read(input, "input");
  if (!reader) return;
  FoldedStacks stacks;
  static_cast<void>(has_call_chains(*reader));
  static_cast<void>(kernel_anchor(*reader));
  stacks.add(*reader, KernelSymbols(), "root", [] {});
  stacks.write([](std::string_view line) { fuzz::touch(line); });
  if (reader->tracing_data() == nullptr) return;
  const auto catalog = tracepoint::Catalog::from(*reader->tracing_data());
  if (catalog) write_messages(*reader, *catalog);
}

}  // namespace
}  // namespace sockscope

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sockscope::run(sockscope::fuzz::input_bytes(data, size));
  return 0;
}
