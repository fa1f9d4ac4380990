#include "parsers/perf_data/reader.h"
#include "parsers/perf_data/task_names.h"
#include "parsers/tracepoint/catalog.h"
#include "tests/fuzz/target.h"

// A whole perf.data in memory: opened, and every record of it read in order.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sockscope;  // NOLINT(google-build-using-namespace): the program is nothing but this
  const auto reader = perf_data::Reader::read(fuzz::input_bytes(data, size), "input");
  if (!reader) return 0;
  for (const perf_data::Attr& attr : reader->attrs()) fuzz::touch(attr.name);
  if (const auto* const tracing_data = reader->tracing_data(); tracing_data != nullptr) {
    static_cast<void>(tracepoint::Catalog::from(*tracing_data));
  }
  std::uint64_t delivered = 0;
  auto stream = reader->records();
  while (const perf_data::Record* const record = stream.next()) {
    ++delivered;
    fuzz::touch(record->body);
    fuzz::touch(record->payload);
  }
  if (delivered > reader->counters().records) __builtin_trap();
  return 0;
}
