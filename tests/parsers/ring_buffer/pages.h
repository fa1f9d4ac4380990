#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "parsers/ring_buffer/page_layout.h"
#include "tests/support/byte_writer.h"

// Pages of a trace ring buffer, put together by hand.
namespace sockscope::ring_buffer {

/// TRACEFS/events/header_page of a 64-bit kernel with pages of 4 KiB.
inline constexpr std::string_view kHeaderPage =
    "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
    "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
    "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
    "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";

inline constexpr std::uint64_t kMissedEvents = std::uint64_t{1} << 31;
inline constexpr std::uint64_t kMissedStored = std::uint64_t{1} << 30;

/// The events of one page.
class PageBuilder {
 public:
  /// `type` is the length in words of a small event's payload, or one of 0, 29, 30 and 31.
  PageBuilder& header(std::uint32_t type, std::uint32_t delta) {
    const bool is_little = std::endian::native == std::endian::little;
    data_.u32(is_little ? (delta << 5U) | type : (type << 27U) | delta);
    return *this;
  }
  PageBuilder& event(std::uint32_t delta, std::string_view payload) {
    header(static_cast<std::uint32_t>(payload.size() / 4), delta);
    data_.text(payload);
    return *this;
  }
  PageBuilder& large_event(std::uint32_t delta, std::string_view payload) {
    header(0, delta);
    data_.u32(static_cast<std::uint32_t>(payload.size() + 4)).text(payload);
    return *this;
  }
  PageBuilder& word(std::uint32_t word) {
    data_.u32(word);
    return *this;
  }

  /// The whole page, with bytes behind the ones in use as they may lie there.
  [[nodiscard]] std::string page(std::uint64_t time_ns, std::uint64_t flags = 0, std::string_view behind = {}) const {
    return test_support::ByteWriter()
        .u64(time_ns)
        .u64(data_.size() | flags)
        .text(data_.str())
        .text(behind)
        .pad_to(4096)
        .str();
  }

 private:
  test_support::ByteWriter data_;
};

}  // namespace sockscope::ring_buffer
