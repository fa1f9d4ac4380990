#include "tests/support/perf_records.h"

namespace sockscope::test_support {
namespace {

namespace bit = perf_data::sample_bit;

constexpr std::uint64_t kIp = 0xffffffff81000000;

bool has(const AttrSpec& attr, std::uint64_t wanted) { return (attr.sample_type & wanted) != 0; }

}  // namespace

std::string attr_bytes(const AttrSpec& attr) {
  ByteWriter out;
  out.u32(attr.type).u32(attr.size).u64(attr.config).u64(1 /* sample_period */).u64(attr.sample_type);
  out.u64(attr.read_format).u64(attr.flags);
  out.zeros(92 - out.size()).u32(static_cast<std::uint32_t>(attr.clockid)).pad_to(attr.size);
  return out.str().substr(0, attr.size);
}

std::string record_with_size(std::uint32_t type, std::string_view body, std::uint16_t size) {
  return ByteWriter().u32(type).u16(0).u16(size).text(body).str();
}

std::string record_bytes(std::uint32_t type, std::string_view body, std::uint16_t misc) {
  return ByteWriter().u32(type).u16(misc).u16(static_cast<std::uint16_t>(8 + body.size())).text(body).str();
}

std::string sample_bytes(const AttrSpec& attr, const SampleSpec& sample) {
  ByteWriter body;
  if (has(attr, bit::kIdentifier)) body.u64(sample.id);
  if (has(attr, bit::kIp)) body.u64(kIp);
  if (has(attr, bit::kTid)) body.u32(sample.pid).u32(sample.tid);
  if (has(attr, bit::kTime)) body.u64(sample.time_ns);
  if (has(attr, bit::kAddr)) body.u64(0);
  if (has(attr, bit::kId)) body.u64(sample.id);
  if (has(attr, bit::kStreamId)) body.u64(sample.id);
  if (has(attr, bit::kCpu)) body.u32(sample.cpu).u32(0);
  if (has(attr, bit::kPeriod)) body.u64(1);
  if (has(attr, bit::kRead)) body.text(sample.read);
  if (has(attr, bit::kCallchain)) {
    body.u64(sample.callchain.size());
    for (const std::uint64_t address : sample.callchain) body.u64(address);
  }
  if (has(attr, bit::kRaw)) {
    const std::size_t size = (sample.raw.size() + 4 + 7) / 8 * 8 - 4;
    body.u32(static_cast<std::uint32_t>(size)).text(sample.raw).zeros(size - sample.raw.size());
  }
  return record_bytes(perf_data::record_type::kSample, body.str(), 1);
}

std::string trailer_bytes(const AttrSpec& attr, const SampleSpec& who) {
  ByteWriter out;
  if ((attr.flags & perf_data::attr_flag::kSampleIdAll) == 0) return out.str();
  if (has(attr, bit::kTid)) out.u32(who.pid).u32(who.tid);
  if (has(attr, bit::kTime)) out.u64(who.time_ns);
  if (has(attr, bit::kId)) out.u64(who.id);
  if (has(attr, bit::kStreamId)) out.u64(who.id);
  if (has(attr, bit::kCpu)) out.u32(who.cpu).u32(0);
  if (has(attr, bit::kIdentifier)) out.u64(who.id);
  return out.str();
}

std::string kernel_record_bytes(std::uint32_t type, std::string_view body, const AttrSpec& attr, const SampleSpec& who,
                                std::uint16_t misc) {
  return record_bytes(type, std::string(body) + trailer_bytes(attr, who), misc);
}

}  // namespace sockscope::test_support
