#pragma once

#include <linux/perf_event.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace sockscope {

/// One event of a perf.data: its attr, the ids that its records bear, and its name as perf has it.
struct WrittenEvent {
  perf_event_attr attr{};
  std::vector<std::uint64_t> ids;
  std::string name;
};

/// Who was running when and where.
struct WrittenContext {
  pid_t pid = 0;
  pid_t tid = 0;
  std::uint32_t cpu = 0;
  std::uint64_t time_ns = 0;
};

/// What every record of ours carries beside its own content: all events of a file must agree on it.
inline constexpr std::uint64_t kWrittenSampleType =
    PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU;

/// An attr for a tracepoint of this id, with times of CLOCK_MONOTONIC.
perf_event_attr tracepoint_attr(std::uint64_t id);

/// Feature sections by bit (tools/perf/util/header.h).
using FeatureSections = std::map<unsigned, std::string>;

/// Writes a perf.data that perf itself opens, from front to back; its header comes last, so that a file without
/// finish() is one that perf refuses. Records are to come in order of time.
class PerfDataWriter {
 public:
  /// There is at least one event.
  static Result<PerfDataWriter> create(const std::filesystem::path& path, std::vector<WrittenEvent> events);
  /// The same into an empty file that is open; `name` is what messages call it.
  PerfDataWriter(UniqueFd file, std::string name, std::vector<WrittenEvent> events);

  /// A sample of a tracepoint of the events.
  Result<> sample(std::size_t event, const WrittenContext& context, std::span<const std::byte> payload);
  Result<> comm(const WrittenContext& task, std::string_view name);
  /// So many events were lost on that CPU before that time, of whichever event.
  Result<> lost(const WrittenContext& context, std::uint64_t count);
  /// A whole record as the kernel wrote it for one of the events.
  Result<> record(std::span<const std::byte> bytes);

  /// Adds what the writer knows itself (the events' names, the times) to the features and completes the file.
  Result<> finish(FeatureSections features);

  [[nodiscard]] const UniqueFd& file() const { return file_; }

 private:
  Result<> flush();
  Result<> flush_if_full();
  void begin_record(std::uint32_t type, std::uint16_t misc, std::size_t size);
  void add_trailer(const WrittenContext& context);
  void saw(std::uint64_t time_ns);
  [[nodiscard]] std::string event_desc() const;
  [[nodiscard]] std::string file_header(const FeatureSections& features) const;

  UniqueFd file_;
  std::string name_;
  std::vector<WrittenEvent> events_;
  std::string buffer_;
  std::uint64_t data_at_ = 0;
  std::uint64_t written_ = 0;  // all that is in the file
  std::uint64_t first_ns_ = 0;
  std::uint64_t last_ns_ = 0;
};

/// perf_header_string: a length, the text, NULs up to a multiple of 64.
[[nodiscard]] std::string header_string(std::string_view text);

}  // namespace sockscope
