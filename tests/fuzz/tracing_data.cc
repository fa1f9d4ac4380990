#include "parsers/perf_data/tracing_data.h"

#include "parsers/tracepoint/catalog.h"
#include "tests/fuzz/target.h"

// A TRACING_DATA section, and the catalog of the formats in it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sockscope;  // NOLINT(google-build-using-namespace): the program is nothing but this
  const auto tracing_data = perf_data::parse_tracing_data(fuzz::input_bytes(data, size));
  if (!tracing_data) return 0;
  for (const perf_data::FormatSource& format : tracing_data->formats) {
    fuzz::touch(format.system);
    fuzz::touch(format.text);
  }
  const auto catalog = tracepoint::Catalog::from(*tracing_data);
  if (!catalog) return 0;
  for (const tracepoint::Format& format : catalog->formats()) {
    if (catalog->find(format.id) != &format) __builtin_trap();
  }
  return 0;
}
