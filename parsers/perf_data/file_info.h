#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "parsers/perf_data/bytes.h"

namespace sockscope::perf_data {

/// The two layouts of perf.data. A regular file can hold either.
enum class Form {
  kFile,  ///< `perf record -o FILE`: a header with sections, completed when perf ends.
  kPipe,  ///< `perf record -o -`: records from the first byte on; survives the death of its writer.
};

/// CLOCK_DATA: one instant read from two clocks. wall = time - clock_ns + wall_ns.
struct ClockReference {
  std::int32_t clockid = 0;
  std::uint64_t wall_ns = 0;   ///< CLOCK_REALTIME, since 1970.
  std::uint64_t clock_ns = 0;  ///< The recording's clock.
};

/// SAMPLE_TIME: the first and last sample's time, as perf noted them.
struct SampleTimeRange {
  std::uint64_t first_ns = 0;
  std::uint64_t last_ns = 0;
};

/// COMPRESSED: how `perf record -z` packed the records.
struct Compression {
  std::uint32_t type = 0;          ///< 1 is zstd, the only one there is.
  std::uint32_t level = 0;         ///< 1 to 22.
  std::uint32_t ratio = 0;         ///< Bytes before for each byte after, rounded.
  std::uint32_t max_unpacked = 0;  ///< Bytes that one COMPRESSED record unpacks to at most (a ring buffer).
};

/// What the recording says of itself: the feature sections (tools/perf/Documentation/perf.data-file-format.txt).
/// Every string may be empty: a killed perf leaves none of them, and each is optional.
struct FileInfo {
  Form form = Form::kFile;
  ByteOrder byte_order = ByteOrder::kNative;
  /// True when perf never wrote the end of a file-form recording (data.size == 0): the records are there, the feature
  /// sections and with them the tracepoint formats are not.
  bool killed = false;
  std::string hostname;
  std::string osrelease;     ///< uname -r.
  std::string perf_version;  ///< `perf --version` of the recorder, without "perf version".
  std::string arch;          ///< uname -m.
  std::string cpu_description;
  std::vector<std::string> command_line;  ///< argv of perf.
  std::uint32_t cpus_available = 0;       ///< 0 when unknown.
  std::uint32_t cpus_online = 0;          ///< 0 when unknown.
  /// CLOCK_* of the record times (1 = CLOCK_MONOTONIC, what `perf record -k CLOCK_MONOTONIC` asks for); none: perf's
  /// own clock, which no application can read.
  std::optional<std::int32_t> clockid;
  std::optional<std::uint64_t> clock_resolution_ns;  ///< CLOCKID section (perf's document calls it a frequency).
  std::optional<ClockReference> clock_reference;
  std::optional<SampleTimeRange> sample_time;
  std::optional<Compression> compression;
};

}  // namespace sockscope::perf_data
