#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/call_trace.h"
#include "base/error.h"
#include "harness/perf_data_writer.h"
#include "parsers/perf_data/mapped_file.h"
#include "parsers/perf_data/reader.h"
#include "parsers/ring_buffer/page_layout.h"
#include "parsers/trace_dat/trace_dat.h"
#include "parsers/tracepoint/catalog.h"

namespace sockscope {

/// A trace.dat of trace-cmd(1) that is open: what is in it becomes either a recording as any other, or calls.
///
/// trace-cmd's own library is not used: it hands out no formats as the kernel wrote them, and ends the program over
/// damaged files (docs/ftrace.md). The container is small, and its pages and formats are read as those of our own
/// tracing are.
class TraceDatFile {
 public:
  /// A file, or standard input as "-". kInput, naming it, if it cannot be read.
  [[nodiscard]] static Result<TraceDatFile> open(const std::filesystem::path& path);

  /// Whether function_graph was traced.
  [[nodiscard]] bool has_calls() const;
  [[nodiscard]] CallTrace calls() const;

  /// Its tracepoint events as perf would have recorded them, in order of time, in a file without a name. kInput if
  /// there are none.
  [[nodiscard]] Result<perf_data::Reader> recording() const;

 private:
  TraceDatFile(std::string name, perf_data::MappedFile file, trace_dat::TraceDat trace, ring_buffer::PageLayout layout)
      : name_(std::move(name)), file_(std::move(file)), trace_(std::move(trace)), layout_(layout) {}

  [[nodiscard]] Result<> read_formats();
  [[nodiscard]] std::vector<bool> ids_seen() const;
  [[nodiscard]] std::string tracing_data() const;
  [[nodiscard]] Result<> write_events(PerfDataWriter& writer, const std::vector<std::size_t>& event_of_id) const;

  std::string name_;
  perf_data::MappedFile file_;
  trace_dat::TraceDat trace_;
  ring_buffer::PageLayout layout_;
  std::string formats_;                    // of the events that occur, as TRACING_DATA
  std::vector<tracepoint::Format> known_;  // those that can be read
};

}  // namespace sockscope
