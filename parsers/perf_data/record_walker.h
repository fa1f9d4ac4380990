#pragma once

#include <cstddef>
#include <cstdint>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/bytes.h"

namespace sockscope::perf_data {

/// perf_event_header, in the file: type, misc, and size of the whole record.
inline constexpr std::size_t kRecordHeaderSize = 8;

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
    const auto size = load<std::uint16_t>(at_ + 6, order_);
    if (size < kRecordHeaderSize || size > left) return stop(true);
    out.type = load<std::uint32_t>(at_, order_);
    out.misc = load<std::uint16_t>(at_ + 4, order_);
    out.whole = Bytes(at_, size);
    out.body = out.whole.subspan(kRecordHeaderSize);
    out.out_of_line = {};
    if (out.type == record_type::kHeaderTracingData || out.type == record_type::kAuxtrace) [[unlikely]] {
      if (!take_out_of_line(out)) return stop(true);
    }
    at_ += out.whole.size();
    return true;
  }

  /// Whether the walk ended at something other than the end of the region: a record of impossible size, or one that
  /// the region cuts off.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

 private:
  bool stop(bool broken) noexcept {
    broken_ = broken_ || broken;
    at_ = end_;
    return false;
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

  const std::byte* at_ = nullptr;
  const std::byte* end_ = nullptr;
  ByteOrder order_ = ByteOrder::kNative;
  bool broken_ = false;
};

}  // namespace sockscope::perf_data
