#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/file_info.h"

namespace sockscope::ctf {

/// One tracepoint of the records: its format text, as tracefs has it, and its id, which is its place in the list.
struct WrittenFormat {
  std::string system;
  std::string name;
  std::string text;
};

/// When and where something happened, and who was running.
struct Moment {
  std::uint64_t time_ns = 0;
  std::uint32_t cpu = 0;
  std::int32_t pid = 0;
  std::int32_t tid = 0;
};

/// What the trace says of the machine it is of.
struct Origin {
  std::string hostname;
  std::string release;
  std::string machine;
  std::string tracer;                 ///< "lttng-modules 2.13", or perf's version.
  std::optional<std::int32_t> clock;  ///< CLOCK_*, if known.
  std::optional<perf_data::ClockReference> reference;
};

/// Bytes of a payload that a record has room for: its size, a u16, also counts what precedes the payload.
inline constexpr std::size_t kMostPayload = 65'000;

/// Writes the pipe form of perf.data (tools/perf/Documentation/perf.data-file-format.txt) into a descriptor: all that
/// parsers/perf_data needs to read it as a recording of its own. Records are to come in order of time.
class RecordWriter {
 public:
  /// `out` stays the caller's.
  explicit RecordWriter(int out) : out_(out) {}

  /// Before all records. The id of a format is its place.
  Result<> begin(const std::vector<WrittenFormat>& formats, const Origin& origin);
  /// `payload` begins with the four common fields.
  Result<> sample(std::uint16_t id, const Moment& at, std::string_view payload);
  /// The thread that runs at that moment has this name from then on.
  Result<> comm(const Moment& at, std::string_view name);
  /// So many events are missing before that moment.
  Result<> lost(const Moment& at, std::uint64_t count);
  Result<> finish() { return flush(); }

 private:
  Result<> flush();
  Result<> flush_if_full();
  void header(std::uint32_t type, std::size_t size);
  void feature(std::uint64_t feature, std::string_view bytes);
  void text_feature(std::uint64_t bit, std::string_view text);
  void trailer(const Moment& at);

  int out_;
  std::string buffer_;
};

}  // namespace sockscope::ctf
