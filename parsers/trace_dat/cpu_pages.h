#pragma once

#include <cstddef>
#include <vector>

#include "parsers/perf_data/byte_cursor.h"
#include "parsers/trace_dat/trace_dat.h"

namespace sockscope::trace_dat {

/// The pages of a buffer, from front to back, unpacked a chunk at a time.
class CpuPages {
 public:
  /// One of `buffers` that are read side by side, which bounds the memory that its chunks may take.
  CpuPages(const CpuBuffer& buffer, std::size_t page_size, std::size_t buffers);

  /// Empty at the end; shorter than a page only if the buffer ends in one. Good until the next one is asked for.
  [[nodiscard]] Bytes next();
  /// The buffer ended in something that is no chunk.
  [[nodiscard]] bool is_damaged() const { return is_damaged_; }

 private:
  bool unpack_next();

  std::size_t page_size_;
  std::size_t largest_chunk_;
  bool is_compressed_;
  bool is_damaged_ = false;
  perf_data::ByteCursor packed_;
  std::uint32_t chunks_left_ = 0;
  std::vector<std::byte> chunk_;
  Bytes rest_;
};

}  // namespace sockscope::trace_dat
