#include "harness/formats.h"

namespace sockscope {

Result<tracepoint::Catalog> catalog_of(const perf_data::Reader& reader) {
  auto tracing_data = reader.require_tracing_data();
  if (!tracing_data) return pass_on(tracing_data);
  auto catalog = tracepoint::Catalog::from(**tracing_data);
  if (!catalog) return fail(ErrorKind::kInput, "{}: {}", reader.name(), catalog.error().message);
  return catalog;
}

}  // namespace sockscope
