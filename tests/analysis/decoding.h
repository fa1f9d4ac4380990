#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/event_decoder.h"
#include "parsers/perf_data/abi.h"
#include "tests/parsers/tracepoint/format_samples.h"

// Formats and payloads written by hand, and what a decoder makes of them.
namespace sockscope {

using test_support::ByteWriter;
using tracepoint::format_text;
using tracepoint::payload_of;
using Outcome = EventDecoder::Outcome;
using Ids = std::vector<std::uint16_t>;

/// One line of a format, "field:unsigned int len;offset:16;size:4;signed:0;", as the kernel writes it.
[[nodiscard]] inline std::string field(std::string_view declaration, int offset, int size, bool is_signed = false) {
  return fmt::format("\tfield:{};\toffset:{};\tsize:{};\tsigned:{};\n", declaration, offset, size, is_signed ? 1 : 0);
}

/// A recording's formats, collected one by one.
class Formats {
 public:
  Formats& add(std::string system, std::string_view name, int id, std::string_view fields,
               std::string_view print_fmt = "\"\"") {
    return add_text(std::move(system), format_text(name, id, fields, print_fmt));
  }
  Formats& add_text(std::string system, std::string text) {
    texts_.emplace_back(std::move(system), std::move(text));
    return *this;
  }

  [[nodiscard]] EventDecoder decoder(std::string_view arch = "x86_64", Interest interest = Interest::kMessages) const {
    std::vector<perf_data::FormatSource> sources;
    sources.reserve(texts_.size());
    for (const auto& [system, text] : texts_) sources.push_back({.system = system, .text = text});
    const auto catalog = tracepoint::Catalog::from_format_texts(sources);
    EXPECT_TRUE(catalog && catalog->rejected().empty());
    return {*catalog, arch, interest};
  }

 private:
  std::vector<std::pair<std::string, std::string>> texts_;
};

/// What a decoder makes of a sample with this payload.
struct Decoded {
  Decoded(const EventDecoder& decoder, const ByteWriter& payload, std::size_t cut = 0) {
    const std::string bytes = payload.str().substr(0, payload.size() - cut);
    perf_data::Record record{.type = perf_data::record_type::kSample, .time_ns = 1234, .cpu = 1, .pid = 76, .tid = 77};
    record.payload = test_support::bytes_of(bytes);
    outcome = decoder.decode(record, event);
  }

  template <class Body>
  [[nodiscard]] Body as() const {
    const auto* const body = std::get_if<Body>(&event.body);
    if (outcome != Outcome::kDecoded || body == nullptr) ADD_FAILURE() << "not decoded, or as another event";
    return body == nullptr ? Body{} : *body;
  }

  Outcome outcome = Outcome::kIgnored;
  Event event;
};

// From here on the formats are those of 6.18, cut down to the fields that are read or that lie in between.

const std::string kNetFields =
    field("void * skbaddr", 8, 8) + field("unsigned int len", 16, 4) + field("__data_loc char[] name", 20, 4);

/// Their payload: the name lies behind the fields.
[[nodiscard]] inline ByteWriter net_payload(std::uint16_t id, std::uint64_t skbaddr, std::uint32_t len,
                                            std::string_view device) {
  const auto name_bytes = static_cast<std::uint32_t>(device.size() + 1);
  return payload_of(id).u64(skbaddr).u32(len).u32(name_bytes << 16U | 24U).c_string(device);
}

/// The payload of sched_switch_6_18(): echo-client, thread 100, makes place for the idle task of CPU 1.
[[nodiscard]] inline ByteWriter switch_payload(std::uint64_t prev_state) {
  return payload_of(372)
      .text("echo-client")
      .zeros(5)
      .u32(100)
      .u32(120)
      .u64(prev_state)
      .text("swapper/1")
      .zeros(7)
      .u32(0)
      .u32(120);
}

}  // namespace sockscope
