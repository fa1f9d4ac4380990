#include "parsers/perf_data/sample_layout.h"

#include <bit>

#include "parsers/perf_data/abi.h"

namespace sockscope::perf_data {
namespace {

constexpr std::size_t kWord = 8;

std::size_t words(std::uint64_t bits) noexcept { return static_cast<std::size_t>(std::popcount(bits)) * kWord; }

constexpr std::uint64_t kReadTimes = read_bit::kTotalTimeEnabled | read_bit::kTotalTimeRunning;
constexpr std::uint64_t kReadPerValue = read_bit::kId | read_bit::kLost;

}  // namespace

SampleLayout::SampleLayout(std::uint64_t sample_type, std::uint64_t read_format, bool raw_is_payload) noexcept {
  const auto place = [this, sample_type](std::uint64_t bit) -> std::optional<std::size_t> {
    if ((sample_type & bit) == 0) return std::nullopt;
    const std::size_t at = fixed_size_;
    fixed_size_ += kWord;
    return at;
  };
  const auto identifier_at = place(sample_bit::kIdentifier);
  place(sample_bit::kIp);
  tid_at_ = place(sample_bit::kTid);
  time_at_ = place(sample_bit::kTime);
  place(sample_bit::kAddr);
  const auto plain_id_at = place(sample_bit::kId);
  id_at_ = identifier_at ? identifier_at : plain_id_at;
  place(sample_bit::kStreamId);
  cpu_at_ = place(sample_bit::kCpu);
  place(sample_bit::kPeriod);
  if ((sample_type & sample_bit::kRead) != 0) {
    if ((read_format & read_bit::kGroup) != 0) {
      group_header_ = words(read_format & kReadTimes);
      group_entry_ = kWord + words(read_format & kReadPerValue);
    } else {
      fixed_size_ += kWord + words(read_format & (kReadTimes | kReadPerValue));
    }
  }
  has_callchain_ = (sample_type & sample_bit::kCallchain) != 0;
  has_raw_ = raw_is_payload && (sample_type & sample_bit::kRaw) != 0;
  if (tid_at_ && time_at_ && cpu_at_ && has_raw_ && !has_callchain_ && group_entry_ == 0) {
    plain_ = Plain{.tid_at = static_cast<std::uint32_t>(*tid_at_),
                   .time_at = static_cast<std::uint32_t>(*time_at_),
                   .cpu_at = static_cast<std::uint32_t>(*cpu_at_),
                   .raw_at = static_cast<std::uint32_t>(fixed_size_)};
  }
}

bool SampleLayout::decode(Bytes body, ByteOrder order, Record& out) const noexcept {
  if (body.size() < fixed_size_) return false;
  const std::byte* const at = body.data();
  out.time_ns = time_at_ ? load<std::uint64_t>(at + *time_at_, order) : 0;
  out.cpu = cpu_at_ ? load<std::uint32_t>(at + *cpu_at_, order) : kNoCpu;
  out.pid = tid_at_ ? static_cast<std::int32_t>(load<std::uint32_t>(at + *tid_at_, order)) : kNoTask;
  out.tid = tid_at_ ? static_cast<std::int32_t>(load<std::uint32_t>(at + *tid_at_ + 4, order)) : kNoTask;
  out.payload = {};
  return !has_raw_ || find_raw(body, order, out.payload);
}

std::optional<Bytes> SampleLayout::callchain(Bytes body, ByteOrder order) const noexcept {
  if (!has_callchain_ || body.size() < fixed_size_) return std::nullopt;
  ByteCursor cursor(body.subspan(fixed_size_), order);
  std::uint64_t count = 0;
  Bytes chain;
  const bool is_there = skip_read_group(cursor) && cursor.read(count) && cursor.fits(count, kWord) &&
                        cursor.read_bytes(count * kWord, chain);
  return is_there ? std::optional(chain) : std::nullopt;
}

bool SampleLayout::skip_read_group(ByteCursor& cursor) const noexcept {
  if (group_entry_ == 0) return true;
  std::uint64_t count = 0;
  return cursor.read(count) && cursor.skip(group_header_) && cursor.fits(count, group_entry_) &&
         cursor.skip(count * group_entry_);
}

bool SampleLayout::find_raw(Bytes body, ByteOrder order, Bytes& raw) const noexcept {
  ByteCursor cursor(body.subspan(fixed_size_), order);
  std::uint64_t count = 0;
  if (!skip_read_group(cursor)) return false;
  if (has_callchain_) {
    if (!cursor.read(count) || !cursor.fits(count, kWord) || !cursor.skip(count * kWord)) return false;
  }
  std::uint32_t size = 0;
  return cursor.read(size) && cursor.read_bytes(size, raw);
}

}  // namespace sockscope::perf_data
