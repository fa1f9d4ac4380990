#include "parsers/trace_dat/cpu_pages.h"

#include <algorithm>

#include "parsers/trace_dat/compression.h"

namespace sockscope::trace_dat {
namespace {

// trace-cmd makes chunks of ten pages. What is far beyond that is none of its, and all CPUs' are held at once.
constexpr std::size_t kLargestChunk = std::size_t{16} << 20U;
constexpr std::size_t kAllChunks = std::size_t{512} << 20U;

}  // namespace

CpuPages::CpuPages(const CpuBuffer& buffer, std::size_t page_size, std::size_t buffers)
    : page_size_(page_size),
      largest_chunk_(std::min(kLargestChunk, kAllChunks / std::max<std::size_t>(buffers, 1))),
      is_compressed_(buffer.is_compressed),
      packed_(buffer.bytes) {
  if (!is_compressed_) {
    rest_ = buffer.bytes;
  } else if (!buffer.bytes.empty() && !packed_.read(chunks_left_)) {
    is_damaged_ = true;
  }
}

bool CpuPages::unpack_next() {
  if (!is_compressed_ || chunks_left_ == 0 || is_damaged_) return false;
  --chunks_left_;
  is_damaged_ = !unpack_chunk(packed_, largest_chunk_, chunk_);
  if (is_damaged_) return false;
  rest_ = chunk_;
  return true;
}

Bytes CpuPages::next() {
  while (rest_.empty()) {
    if (!unpack_next()) return {};
  }
  const Bytes page = rest_.first(std::min(page_size_, rest_.size()));
  rest_ = rest_.subspan(page.size());
  return page;
}

}  // namespace sockscope::trace_dat
