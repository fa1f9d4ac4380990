#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/attr.h"
#include "parsers/perf_data/counters.h"
#include "parsers/perf_data/file_info.h"
#include "parsers/perf_data/record_stream.h"
#include "parsers/perf_data/tracing_data.h"

namespace sockscope::perf_data {

/// A recording of `perf record`, in file or pipe form, opened for reading.
///
/// Opening maps the file, reads what describes it and walks all records once, so that losses and damage are known
/// before the first record is looked at. A damaged recording opens as far as it makes sense; counters() says what was
/// given up. The file must not shrink while the Reader lives.
class Reader {
 public:
  /// kInput, naming the file and the cause, when there is nothing to read: no such file, no permission, a directory,
  /// a pipe, empty, not perf.data, from a machine of the other byte order, or compressed (perf record -z).
  [[nodiscard]] static Result<Reader> open(const std::filesystem::path& path);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader();

  [[nodiscard]] const std::filesystem::path& path() const noexcept;
  [[nodiscard]] const FileInfo& info() const noexcept;
  [[nodiscard]] const std::vector<Attr>& attrs() const noexcept;
  /// Null when the recording has none: nothing but tracepoints needs it, and a killed perf does not write it.
  [[nodiscard]] const TracingData* tracing_data() const noexcept;
  /// The same for those who cannot do without: kInput that says why it is missing and what to do.
  [[nodiscard]] Result<const TracingData*> require_tracing_data() const;
  [[nodiscard]] const Counters& counters() const noexcept;

  /// A fresh stream over all records, in time order. Outlives moves of this Reader, not the Reader.
  [[nodiscard]] RecordStream records() const;

 private:
  struct Contents;
  explicit Reader(std::unique_ptr<const Contents> contents) noexcept;

  std::unique_ptr<const Contents> contents_;  // behind a pointer, so that streams and views survive a move
};

}  // namespace sockscope::perf_data
