#include "harness/perf_data_writer.h"

#include <fcntl.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include "base/byte_string.h"
#include "base/line_reader.h"
#include "parsers/perf_data/abi.h"

namespace sockscope {
namespace {

namespace type = perf_data::record_type;
namespace feature = perf_data::feature;

constexpr std::size_t kAttrSize = PERF_ATTR_SIZE_VER7;  // perf before 6.3 opens nothing larger
constexpr std::size_t kEntrySize = kAttrSize + 16;
constexpr std::size_t kHeaderSize = 104;
constexpr std::size_t kFullBuffer = std::size_t{1} << 20;
constexpr std::size_t kRecordHeader = 8;
constexpr std::size_t kTrailer = 32;  // TID, TIME, CPU, IDENTIFIER

void append_attr(std::string& bytes, const perf_event_attr& attr) {
  const std::size_t at = bytes.size();
  bytes.append(reinterpret_cast<const char*>(&attr), std::min(sizeof attr, kAttrSize));
  bytes.resize(at + kAttrSize);
}

void append_ids(std::string& bytes, const WrittenEvent& event) {
  for (const std::uint64_t id : event.ids) append_number(bytes, id);
}

std::size_t ids_size(const std::vector<WrittenEvent>& events) {
  std::size_t count = 0;
  for (const WrittenEvent& event : events) count += event.ids.size();
  return count * sizeof(std::uint64_t);
}

}  // namespace

perf_event_attr tracepoint_attr(std::uint64_t id) {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_TRACEPOINT;
  attr.size = kAttrSize;
  attr.config = id;
  attr.sample_period = 1;
  attr.sample_type = kWrittenSampleType | PERF_SAMPLE_RAW;
  attr.disabled = 1;
  attr.sample_id_all = 1;
  attr.use_clockid = 1;
  attr.clockid = CLOCK_MONOTONIC;
  return attr;
}

std::string header_string(std::string_view text) {
  std::string bytes;
  constexpr std::size_t alignment = 64;
  const std::size_t size = (text.size() / alignment + 1) * alignment;
  append_number(bytes, static_cast<std::uint32_t>(size));
  bytes.append(text);
  bytes.append(size - text.size(), '\0');
  return bytes;
}

Result<PerfDataWriter> PerfDataWriter::create(const std::filesystem::path& path, std::vector<WrittenEvent> events) {
  UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file) return fail(ErrorKind::kEnvironment, "cannot write {}: {}", path.string(), errno_text(errno));
  return PerfDataWriter(std::move(file), path.string(), std::move(events));
}

PerfDataWriter::PerfDataWriter(UniqueFd file, std::string name, std::vector<WrittenEvent> events)
    : file_(std::move(file)),
      name_(std::move(name)),
      events_(std::move(events)),
      data_at_(kHeaderSize + ids_size(events_) + events_.size() * kEntrySize) {
  // In the place of the header, which comes last.
  buffer_.resize(data_at_);
}

Result<> PerfDataWriter::flush() {
  if (auto written = write_all(file_.get(), buffer_, name_); !written) return written;
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<> PerfDataWriter::flush_if_full() {
  if (buffer_.size() < kFullBuffer) return {};
  return flush();
}

void PerfDataWriter::begin_record(std::uint32_t type, std::uint16_t misc, std::size_t size) {
  append_number(buffer_, type);
  append_number(buffer_, misc);
  append_number(buffer_, static_cast<std::uint16_t>(size));
}

void PerfDataWriter::add_trailer(const WrittenContext& context) {
  append_number(buffer_, context.pid);
  append_number(buffer_, context.tid);
  append_number(buffer_, context.time_ns);
  append_number(buffer_, std::uint64_t{context.cpu});
  append_number(buffer_, events_.front().ids.front());
  saw(context.time_ns);
}

void PerfDataWriter::saw(std::uint64_t time_ns) {
  if (first_ns_ == 0) first_ns_ = time_ns;
  last_ns_ = std::max(last_ns_, time_ns);
}

Result<> PerfDataWriter::sample(std::size_t event, const WrittenContext& context, std::span<const std::byte> payload) {
  // As perf has it: the payload and its size, a u32, are a multiple of 8 together.
  const std::size_t raw = (payload.size() + sizeof(std::uint32_t) + 7) / 8 * 8;
  begin_record(type::kSample, PERF_RECORD_MISC_KERNEL, kRecordHeader + kTrailer + raw);
  append_number(buffer_, events_[event].ids.front());
  append_number(buffer_, context.pid);
  append_number(buffer_, context.tid);
  append_number(buffer_, context.time_ns);
  append_number(buffer_, std::uint64_t{context.cpu});
  append_number(buffer_, static_cast<std::uint32_t>(raw - sizeof(std::uint32_t)));
  buffer_.append(reinterpret_cast<const char*>(payload.data()), payload.size());
  buffer_.append(raw - sizeof(std::uint32_t) - payload.size(), '\0');
  saw(context.time_ns);
  return flush_if_full();
}

Result<> PerfDataWriter::comm(const WrittenContext& task, std::string_view name) {
  std::string body(name);
  body.push_back('\0');
  pad(body, 8);
  begin_record(type::kComm, 0, kRecordHeader + 2 * sizeof(std::uint32_t) + body.size() + kTrailer);
  append_number(buffer_, task.pid);
  append_number(buffer_, task.tid);
  buffer_.append(body);
  add_trailer(task);
  return flush_if_full();
}

Result<> PerfDataWriter::lost(const WrittenContext& context, std::uint64_t count) {
  begin_record(type::kLost, 0, kRecordHeader + 2 * sizeof(std::uint64_t) + kTrailer);
  append_number(buffer_, events_.front().ids.front());
  append_number(buffer_, count);
  add_trailer(context);
  return flush_if_full();
}

Result<> PerfDataWriter::record(std::span<const std::byte> bytes) {
  buffer_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return flush_if_full();
}

std::string PerfDataWriter::event_desc() const {
  std::string bytes;
  append_number(bytes, static_cast<std::uint32_t>(events_.size()));
  append_number(bytes, static_cast<std::uint32_t>(kAttrSize));
  for (const WrittenEvent& event : events_) {
    append_attr(bytes, event.attr);
    append_number(bytes, static_cast<std::uint32_t>(event.ids.size()));
    bytes += header_string(event.name);
    append_ids(bytes, event);
  }
  return bytes;
}

/// Header, ids and attrs, in perf's order.
std::string PerfDataWriter::file_header(const FeatureSections& features) const {
  const std::uint64_t ids = ids_size(events_);
  std::string bytes("PERFILE2");
  for (const std::uint64_t number :
       {std::uint64_t{kHeaderSize}, std::uint64_t{kEntrySize}, kHeaderSize + ids, events_.size() * kEntrySize, data_at_,
        written_ - data_at_, std::uint64_t{0}, std::uint64_t{0}}) {
    append_number(bytes, number);
  }
  std::uint64_t bits = 0;
  for (const auto& [bit, section] : features) bits |= std::uint64_t{1} << bit;
  append_number(bytes, bits);
  bytes.resize(kHeaderSize);
  for (const WrittenEvent& event : events_) append_ids(bytes, event);
  std::uint64_t ids_at = kHeaderSize;
  for (const WrittenEvent& event : events_) {
    append_attr(bytes, event.attr);
    append_number(bytes, ids_at);
    append_number(bytes, event.ids.size() * sizeof(std::uint64_t));
    ids_at += event.ids.size() * sizeof(std::uint64_t);
  }
  return bytes;
}

Result<> PerfDataWriter::finish(FeatureSections features) {
  if (auto flushed = flush(); !flushed) return flushed;
  features[feature::kEventDesc] = event_desc();
  append_number(features[feature::kSampleTime], first_ns_);
  append_number(features[feature::kSampleTime], last_ns_);
  const std::string header = file_header(features);

  std::uint64_t section_at = written_ + features.size() * 2 * sizeof(std::uint64_t);
  for (const auto& [bit, section] : features) {
    append_number(buffer_, section_at);
    append_number(buffer_, section.size());
    section_at += section.size();
  }
  for (const auto& [bit, section] : features) buffer_.append(section);
  if (auto flushed = flush(); !flushed) return flushed;
  if (lseek(file_.get(), 0, SEEK_SET) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot write {}: {}", name_, errno_text(errno));
  }
  return write_all(file_.get(), header, name_);
}

}  // namespace sockscope
