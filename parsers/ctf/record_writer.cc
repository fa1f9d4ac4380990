#include "parsers/ctf/record_writer.h"

#include <linux/perf_event.h>
#include <unistd.h>

#include <cerrno>

#include "base/byte_string.h"
#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/tracing_data.h"

namespace sockscope::ctf {
namespace {

namespace type = perf_data::record_type;
namespace feature_bit = perf_data::feature;

constexpr std::size_t kFullBuffer = std::size_t{1} << 20;
constexpr std::size_t kRecordHeader = 8;
constexpr std::size_t kContext = 32;  // IDENTIFIER, TID, TIME, CPU, in either order
constexpr std::size_t kWord = 8;
constexpr std::uint64_t kSampleType =
    PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_RAW;

/// Ids of events and of formats are apart: 0 is no event's.
std::uint64_t event_id(std::uint64_t format_id) { return format_id + 1; }

std::string tracing_data(const std::vector<WrittenFormat>& formats) {
  // The long that the format texts are of.
  perf_data::TracingData data{.long_size = 8, .page_size = 4096, .formats = {}};
  for (const WrittenFormat& format : formats) data.formats.push_back({.system = format.system, .text = format.text});
  std::string bytes = perf_data::write_tracing_data(data, {}, {});
  pad(bytes, kWord);
  return bytes;
}

std::string attr_of(std::uint64_t id, const Origin& origin) {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_TRACEPOINT;
  attr.size = sizeof attr;
  attr.config = id;
  attr.sample_type = kSampleType;
  attr.sample_id_all = 1;
  if (origin.clock) {
    attr.use_clockid = 1;
    attr.clockid = *origin.clock;
  }
  std::string bytes(reinterpret_cast<const char*>(&attr), sizeof attr);
  append_number(bytes, event_id(id));
  return bytes;
}

}  // namespace

Result<> RecordWriter::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t count = ::write(out_, left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorKind::kEnvironment, "cannot keep its events on disk: {}", errno_text(errno));
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  buffer_.clear();
  return {};
}

Result<> RecordWriter::flush_if_full() { return buffer_.size() < kFullBuffer ? Result<>() : flush(); }

void RecordWriter::header(std::uint32_t type, std::size_t size) {
  append_number(buffer_, type);
  append_number(buffer_, std::uint16_t{0});
  append_number(buffer_, static_cast<std::uint16_t>(kRecordHeader + size));
}

void RecordWriter::feature(std::uint64_t feature, std::string_view bytes) {
  header(type::kHeaderFeature, sizeof feature + bytes.size());
  append_number(buffer_, feature);
  buffer_.append(bytes);
}

void RecordWriter::text_feature(std::uint64_t bit, std::string_view text) {
  constexpr std::size_t longest = 1000;
  if (text.empty()) return;
  std::string bytes(text.substr(0, longest));
  bytes.push_back('\0');
  pad(bytes, kWord);
  std::string sized;
  append_number(sized, static_cast<std::uint32_t>(bytes.size()));
  feature(bit, sized + bytes);
}

Result<> RecordWriter::begin(const std::vector<WrittenFormat>& formats, const Origin& origin) {
  buffer_ = "PERFILE2";
  append_number(buffer_, std::uint64_t{16});
  for (std::size_t id = 0; id < formats.size(); ++id) {
    const std::string attr = attr_of(id, origin);
    header(type::kHeaderAttr, attr.size());
    buffer_.append(attr);
    std::string update;
    append_number(update, std::uint64_t{2});  // its name
    append_number(update, event_id(id));
    append_c_string(update, formats[id].system + ":" + formats[id].name);
    pad(update, kWord);
    header(type::kEventUpdate, update.size());
    buffer_.append(update);
  }
  text_feature(feature_bit::kHostname, origin.hostname);
  text_feature(feature_bit::kOsrelease, origin.release);
  text_feature(feature_bit::kVersion, origin.tracer);
  text_feature(feature_bit::kArch, origin.machine);
  if (origin.reference) {
    std::string bytes;
    append_number(bytes, std::uint32_t{1});  // version
    append_number(bytes, static_cast<std::uint32_t>(origin.reference->clockid));
    append_number(bytes, origin.reference->wall_ns);
    append_number(bytes, origin.reference->clock_ns);
    feature(feature_bit::kClockData, bytes);
  }
  const std::string data = tracing_data(formats);
  header(type::kHeaderTracingData, sizeof(std::uint32_t));
  append_number(buffer_, static_cast<std::uint32_t>(data.size()));
  buffer_.append(data);
  return flush_if_full();
}

Result<> RecordWriter::sample(std::uint16_t id, const Moment& at, std::string_view payload) {
  // As perf has it: the payload and its size, a u32, are a multiple of 8 together.
  const std::size_t raw = (payload.size() + sizeof(std::uint32_t) + kWord - 1) / kWord * kWord;
  header(type::kSample, kContext + raw);
  append_number(buffer_, event_id(id));
  append_number(buffer_, at.pid);
  append_number(buffer_, at.tid);
  append_number(buffer_, at.time_ns);
  append_number(buffer_, std::uint64_t{at.cpu});
  append_number(buffer_, static_cast<std::uint32_t>(raw - sizeof(std::uint32_t)));
  buffer_.append(payload);
  buffer_.append(raw - sizeof(std::uint32_t) - payload.size(), '\0');
  return flush_if_full();
}

void RecordWriter::trailer(const Moment& at) {
  append_number(buffer_, at.pid);
  append_number(buffer_, at.tid);
  append_number(buffer_, at.time_ns);
  append_number(buffer_, std::uint64_t{at.cpu});
  append_number(buffer_, event_id(0));
}

Result<> RecordWriter::comm(const Moment& at, std::string_view name) {
  constexpr std::size_t longest = 255;
  std::string body;
  append_number(body, at.pid);
  append_number(body, at.tid);
  append_c_string(body, name.substr(0, longest));
  pad(body, kWord);
  header(type::kComm, body.size() + kContext);
  buffer_.append(body);
  trailer(at);
  return flush_if_full();
}

Result<> RecordWriter::lost(const Moment& at, std::uint64_t count) {
  header(type::kLost, 2 * sizeof(std::uint64_t) + kContext);
  append_number(buffer_, event_id(0));
  append_number(buffer_, count);
  trailer(at);
  return flush_if_full();
}

}  // namespace sockscope::ctf
