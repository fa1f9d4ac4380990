#include "parsers/perf_data/feature_sections.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"

// Layouts: tools/perf/util/header.c, write_*(). Where perf.data-file-format.txt says otherwise (NRCPUS, CLOCKID), the
// code that writes is right.
namespace sockscope::perf_data {
namespace {

// Bounds on what is copied. The first is far above what perf writes for thousands of events; a command line has at most
// 2 MiB (the kernel's ARG_MAX); an event has at least one id or attr of its own.
constexpr std::size_t kMaxFeatureSize = 16U << 20U;
constexpr std::uint32_t kMaxWords = 65536;
constexpr std::uint32_t kMaxEvents = 65536;
constexpr std::uint32_t kMaxCpus = 65536;

bool read_text(ByteCursor cursor, std::string& out) {
  std::string_view text;
  if (!cursor.read_header_string(text)) return false;
  out = text;
  return true;
}

bool read_cpu_counts(ByteCursor cursor, FileInfo& info) {
  std::uint32_t available = 0;
  std::uint32_t online = 0;
  if (!cursor.read(available) || !cursor.read(online)) return false;
  if (available == 0 || available > kMaxCpus || online > available) return false;
  info.cpus_available = available;
  info.cpus_online = online;
  return true;
}

bool read_command_line(ByteCursor cursor, FileInfo& info) {
  std::uint32_t count = 0;
  if (!cursor.read(count) || count > kMaxWords) return false;
  std::vector<std::string> words;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view word;
    if (!cursor.read_header_string(word)) return false;
    words.emplace_back(word);
  }
  info.command_line = std::move(words);
  return true;
}

bool read_event_descriptions(ByteCursor cursor, std::vector<EventName>& names) {
  std::uint32_t count = 0;
  std::uint32_t attr_size = 0;
  if (!cursor.read(count) || !cursor.read(attr_size) || count > kMaxEvents || attr_size < kAttrSizeVer0) return false;
  std::vector<EventName> found;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t id_count = 0;
    std::string_view name;
    if (!cursor.skip(attr_size) || !cursor.read(id_count) || !cursor.read_header_string(name)) return false;
    EventName event{.name = std::string(name), .id = std::nullopt};
    std::uint64_t id = 0;
    if (id_count > 0) {
      if (!cursor.read(id) || !cursor.skip((id_count - 1) * sizeof(std::uint64_t))) return false;
      event.id = id;
    }
    found.push_back(std::move(event));
  }
  names = std::move(found);
  return true;
}

bool read_clock_resolution(ByteCursor cursor, FileInfo& info) {
  std::uint64_t resolution_ns = 0;
  if (!cursor.read(resolution_ns)) return false;
  info.clock_resolution_ns = resolution_ns;
  return true;
}

bool read_clock_data(ByteCursor cursor, FileInfo& info) {
  std::uint32_t version = 0;
  std::uint32_t clockid = 0;
  ClockReference reference;
  if (!cursor.read(version) || !cursor.read(clockid) || !cursor.read(reference.wall_ns) ||
      !cursor.read(reference.clock_ns)) {
    return false;
  }
  reference.clockid = static_cast<std::int32_t>(clockid);
  info.clock_reference = reference;
  info.clockid = reference.clockid;
  return true;
}

// A pipe is described before its first sample: there both are 0 and say nothing.
bool read_sample_time(ByteCursor cursor, FileInfo& info) {
  SampleTimeRange range;
  if (!cursor.read(range.first_ns) || !cursor.read(range.last_ns)) return false;
  if (range.last_ns != 0) info.sample_time = range;
  return true;
}

bool read_compression(ByteCursor cursor, FileInfo& info) {
  std::uint32_t version = 0;
  Compression compression;
  if (!cursor.read(version) || !cursor.read(compression.type) || !cursor.read(compression.level) ||
      !cursor.read(compression.ratio) || !cursor.read(compression.max_unpacked)) {
    return false;
  }
  info.compression = compression;
  return true;
}

}  // namespace

bool read_feature(std::uint64_t feature, Bytes payload, Description& description) {
  if (feature != feature::kTracingData && payload.size() > kMaxFeatureSize) return false;
  FileInfo& info = description.info;
  const ByteCursor cursor(payload, info.byte_order);
  switch (feature) {
    case feature::kTracingData:
      set_tracing_data(description, payload);
      return true;
    case feature::kHostname:
      return read_text(cursor, info.hostname);
    case feature::kOsrelease:
      return read_text(cursor, info.osrelease);
    case feature::kVersion:
      return read_text(cursor, info.perf_version);
    case feature::kArch:
      return read_text(cursor, info.arch);
    case feature::kNrcpus:
      return read_cpu_counts(cursor, info);
    case feature::kCpudesc:
      return read_text(cursor, info.cpu_description);
    case feature::kCmdline:
      return read_command_line(cursor, info);
    case feature::kEventDesc:
      return read_event_descriptions(cursor, description.event_names);
    case feature::kSampleTime:
      return read_sample_time(cursor, info);
    case feature::kClockid:
      return read_clock_resolution(cursor, info);
    case feature::kCompressed:
      return read_compression(cursor, info);
    case feature::kClockData:
      return read_clock_data(cursor, info);
    default:
      return true;
  }
}

}  // namespace sockscope::perf_data
