#include "harness/perfetto_export.h"

#include <fmt/format.h>

#include "report/export/thread_states.h"

namespace sockscope {

void PerfettoExport::begin(const RunRecording& recording, const Formats& formats) {
  ExportListener::begin(recording, formats);
  const auto [variant, round] = source_of(recording);
  threads_.begin(variant.empty() ? std::string() : fmt::format("{}, round {}", variant, round));
  slices_.begin();
  write_thread_states(*recording.reader, formats.catalog, threads_, packets_);
}

void PerfettoExport::end(const TraceResult& result) {
  packets_.flush();
  ExportListener::end(result);
}

}  // namespace sockscope
