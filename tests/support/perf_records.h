#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/perf_data/abi.h"
#include "tests/support/byte_writer.h"

// Bytes of single records, as the kernel and perf write them.
namespace sockscope::test_support {

/// What perf asks for when it records tracepoints: IDENTIFIER, IP, TID, TIME, CPU, PERIOD, RAW.
inline constexpr std::uint64_t kTracepointSampleType = perf_data::sample_bit::kIdentifier | perf_data::sample_bit::kIp |
                                                       perf_data::sample_bit::kTid | perf_data::sample_bit::kTime |
                                                       perf_data::sample_bit::kCpu | perf_data::sample_bit::kPeriod |
                                                       perf_data::sample_bit::kRaw;

struct AttrSpec {
  std::uint32_t type = perf_data::kTypeTracepoint;
  std::uint64_t config = 0;
  std::uint64_t sample_type = kTracepointSampleType;
  std::uint64_t read_format = 0;
  std::uint64_t flags = perf_data::attr_flag::kSampleIdAll;
  std::int32_t clockid = 0;
  std::uint32_t size = 128;
  std::vector<std::uint64_t> ids{};
  std::string name{};
};

/// Who, when and where: the fields of a sample, or of a trailer. Which of them are written is the attr's choice.
struct SampleSpec {
  std::uint64_t id = 0;
  std::uint64_t time_ns = 0;
  std::uint32_t cpu = 0;
  std::uint32_t pid = 1000;
  std::uint32_t tid = 1001;
  std::string_view read{};  ///< The bytes of PERF_SAMPLE_READ.
  std::vector<std::uint64_t> callchain{};
  std::string raw{};  ///< The payload; padded so that the record stays a multiple of 8.
};

/// perf_event_attr.
[[nodiscard]] std::string attr_bytes(const AttrSpec& attr);

/// Header and body.
[[nodiscard]] std::string record_bytes(std::uint32_t type, std::string_view body, std::uint16_t misc = 0);
/// The same with a header.size that need not be true.
[[nodiscard]] std::string record_with_size(std::uint32_t type, std::string_view body, std::uint16_t size);

/// PERF_RECORD_SAMPLE.
[[nodiscard]] std::string sample_bytes(const AttrSpec& attr, const SampleSpec& sample);
/// The sample_id fields that end every other kernel record.
[[nodiscard]] std::string trailer_bytes(const AttrSpec& attr, const SampleSpec& who);
/// Any kernel record but a sample: `body`, then the trailer.
[[nodiscard]] std::string kernel_record_bytes(std::uint32_t type, std::string_view body, const AttrSpec& attr,
                                              const SampleSpec& who, std::uint16_t misc = 0);

}  // namespace sockscope::test_support
