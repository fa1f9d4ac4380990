#include "parsers/perf_data/trailer_layout.h"

#include "parsers/perf_data/abi.h"

namespace sockscope::perf_data {

TrailerLayout::TrailerLayout(std::uint64_t sample_type, bool present) noexcept {
  if (!present) return;
  const auto place = [this, sample_type](std::uint64_t bit) -> std::optional<std::size_t> {
    if ((sample_type & bit) == 0) return std::nullopt;
    const std::size_t at = size_;
    size_ += sizeof(std::uint64_t);
    return at;
  };
  tid_at_ = place(sample_bit::kTid);
  time_at_ = place(sample_bit::kTime);
  const auto plain_id_at = place(sample_bit::kId);
  place(sample_bit::kStreamId);
  cpu_at_ = place(sample_bit::kCpu);
  const auto identifier_at = place(sample_bit::kIdentifier);
  id_at_ = identifier_at ? identifier_at : plain_id_at;
}

std::optional<std::uint64_t> TrailerLayout::id(Bytes body, ByteOrder order) const noexcept {
  if (!id_at_) return std::nullopt;
  return load<std::uint64_t>(body.last(size_).data() + *id_at_, order);
}

bool TrailerLayout::decode(Bytes body, ByteOrder order, Record& out) const noexcept {
  if (body.size() < size_) return false;
  const std::byte* const at = body.last(size_).data();
  out.time_ns = time_at_ ? load<std::uint64_t>(at + *time_at_, order) : 0;
  out.cpu = cpu_at_ ? load<std::uint32_t>(at + *cpu_at_, order) : kNoCpu;
  out.pid = tid_at_ ? static_cast<std::int32_t>(load<std::uint32_t>(at + *tid_at_, order)) : kNoTask;
  out.tid = tid_at_ ? static_cast<std::int32_t>(load<std::uint32_t>(at + *tid_at_ + 4, order)) : kNoTask;
  out.payload = body.first(body.size() - size_);
  return true;
}

}  // namespace sockscope::perf_data
