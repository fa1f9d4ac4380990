#pragma once

#include <cstddef>
#include <cstdint>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/bytes.h"

namespace sockscope::perf_data {

/// perf_event_header, in the file: type, misc, and size of the whole record.
inline constexpr std::size_t kRecordHeaderSize = 8;
namespace record_header {
inline constexpr std::size_t kMiscAt = 4;
inline constexpr std::size_t kSizeAt = 6;
}  // namespace record_header

/// One record as it lies in the file, nothing of its body read.
struct RawRecord {
  std::uint32_t type = 0;
  std::uint16_t misc = 0;
  Bytes whole;        ///< Header, body and what lies out of line.
  Bytes body;         ///< What header.size covers, without the header.
  Bytes out_of_line;  ///< HEADER_TRACING_DATA and AUXTRACE: the bytes that follow the record, outside of its size.
};

/// Steps from record to record of one contiguous region. Stops for good at the first record that cannot be one.
class RecordWalker {
 public:
  RecordWalker() = default;
  explicit RecordWalker(Bytes region, ByteOrder order = ByteOrder::kNative) noexcept
      : at_(region.data()), end_(region.data() + region.size()), order_(order) {}

  /// The next record into `out`; false at the end or at a broken record.
  [[nodiscard]] bool next(RawRecord& out) noexcept {
    const auto left = static_cast<std::size_t>(end_ - at_);
    if (left < kRecordHeaderSize) return stop(left != 0);
    const std::size_t size = load<std::uint16_t>(at_ + record_header::kSizeAt, order_);
    out.type = load<std::uint32_t>(at_, order_);
    out.misc = load<std::uint16_t>(at_ + record_header::kMiscAt, order_);
    out.out_of_line = {};
    prefetch_ahead(left);
    if (is_sized_otherwise(out.type)) [[unlikely]] {
      if (!take_sized_otherwise(size, left, out)) return stop(true);
    } else {
      if (size < kRecordHeaderSize || size > left) return stop(true);
      out.whole = Bytes(at_, size);
      out.body = out.whole.subspan(kRecordHeaderSize);
    }
    at_ += out.whole.size();
    return true;
  }

  /// Whether the walk ended at something other than the end of the region: a record of impossible size, or one that
  /// the region cuts off.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

  /// Where the next record begins, or where the walk ended.
  [[nodiscard]] const std::byte* position() const noexcept { return at_; }

 private:
  // The processor foresees the next lines by itself, but not beyond the page.
  void prefetch_ahead(std::size_t left) const noexcept {
    constexpr std::size_t ahead = 1536;
    constexpr std::size_t line = 64;
    if (left <= ahead + line) return;
    __builtin_prefetch(at_ + ahead);
    __builtin_prefetch(at_ + ahead + line);
  }

  bool stop(bool broken) noexcept {
    broken_ = broken_ || broken;
    return false;
  }

  /// The types of which header.size does not say all.
  [[nodiscard]] static constexpr bool is_sized_otherwise(std::uint32_t type) noexcept {
    return type == record_type::kHeaderTracingData || type == record_type::kAuxtrace ||
           type == record_type::kCompressed2;
  }

  bool take_sized_otherwise(std::size_t size, std::size_t left, RawRecord& out) const noexcept {
    if (out.type == record_type::kCompressed2 && take_compressed2(size, left, out)) return true;
    if (size < kRecordHeaderSize || size > left) return false;
    out.whole = Bytes(at_, size);
    out.body = out.whole.subspan(kRecordHeaderSize);
    return out.type == record_type::kCompressed2 || take_out_of_line(out);
  }

  /// The first number of either body is the count of the bytes that follow: u32 in HEADER_TRACING_DATA, u64 in
  /// AUXTRACE.
  bool take_out_of_line(RawRecord& out) const noexcept {
    const bool wide = out.type == record_type::kAuxtrace;
    if (out.body.size() < (wide ? 8U : 4U)) return false;
    const std::uint64_t count =
        wide ? load<std::uint64_t>(out.body.data(), order_) : load<std::uint32_t>(out.body.data(), order_);
    const auto left = static_cast<std::size_t>(end_ - at_);
    if (count > left - out.whole.size()) return false;
    out.out_of_line = Bytes(at_ + out.whole.size(), static_cast<std::size_t>(count));
    out.whole = Bytes(at_, out.whole.size() + out.out_of_line.size());
    return true;
  }

  /// COMPRESSED2 begins with data_size, rounds its size up to 8 and fills up with zeros. perf 6.16 rounds what may be
  /// more than 16 bits hold: then header.size is what is left of it, and nothing is filled up.
  bool take_compressed2(std::size_t size, std::size_t left, RawRecord& out) const noexcept {
    constexpr std::uint64_t head = kRecordHeaderSize + sizeof(std::uint64_t);
    if (left < head) return false;
    const auto data_size = load<std::uint64_t>(at_ + kRecordHeaderSize, order_);
    if (data_size > left - head) return false;
    const std::uint64_t whole = head + data_size;
    const std::uint64_t rounded = (whole + 7) / 8 * 8;
    if (rounded == size || rounded % 65536 != size) return false;
    out.whole = Bytes(at_, static_cast<std::size_t>(whole));
    out.body = out.whole.subspan(kRecordHeaderSize);
    return true;
  }

  const std::byte* at_ = nullptr;
  const std::byte* end_ = nullptr;
  ByteOrder order_ = ByteOrder::kNative;
  bool broken_ = false;
};

}  // namespace sockscope::perf_data
