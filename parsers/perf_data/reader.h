#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/attr.h"
#include "parsers/perf_data/bytes.h"
#include "parsers/perf_data/counters.h"
#include "parsers/perf_data/file_info.h"
#include "parsers/perf_data/mapped_file.h"
#include "parsers/perf_data/record_stream.h"
#include "parsers/perf_data/tracing_data.h"

namespace sockscope::perf_data {

/// A recording of `perf record`, in file or pipe form, of either byte order, plain or compressed, opened for reading.
///
/// Opening maps it, reads what describes it, unpacks it if need be and walks all records once, so that losses and
/// damage are known before the first record is looked at. A damaged recording opens as far as it makes sense;
/// counters() says what was given up. The file must not shrink while the Reader lives.
class Reader {
 public:
  /// A file, a FIFO, standard input as "-" (both are read to their end first), or the directory that
  /// `perf record --threads` makes. kInput, naming it and the cause, when there is nothing to read: missing, no
  /// permission, empty, not perf.data, no event described. kEnvironment when compressed records (perf record -z) or
  /// what comes through a pipe find no room on disk.
  [[nodiscard]] static Result<Reader> open(const std::filesystem::path& path);

  /// A recording in memory, which must outlive the Reader. `name` stands for it in messages.
  [[nodiscard]] static Result<Reader> read(Bytes contents, std::string name);

  /// A file that somebody else has mapped and gives away: what was made of something that is no perf.data.
  [[nodiscard]] static Result<Reader> read(MappedFile contents, std::string name);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader();

  /// The path it was opened with, or what stands for it in messages.
  [[nodiscard]] const std::string& name() const noexcept;
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
  [[nodiscard]] static Result<Reader> read(Contents contents, std::span<const Bytes> files);

  std::unique_ptr<const Contents> contents_;  // behind a pointer, so that streams and views survive a move
};

}  // namespace sockscope::perf_data
