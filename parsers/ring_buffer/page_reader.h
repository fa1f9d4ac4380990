#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "parsers/ring_buffer/page_layout.h"

namespace sockscope::ring_buffer {

/// One event: the record of a tracepoint as its format describes it, with up to 3 bytes of padding at its end.
struct Entry {
  std::uint64_t time_ns = 0;
  std::span<const std::byte> payload;
};

/// Walks the events of one page that was read from per_cpu/cpuN/trace_pipe_raw of this machine (its byte order). A page
/// that says something impossible ends there and is damaged; nothing is read beyond the bytes given.
class PageReader {
 public:
  PageReader() = default;  ///< Of no page: at its end.
  /// `page` may be shorter than a whole one: what was read.
  PageReader(const PageLayout& layout, std::span<const std::byte> page);

  /// The next event, in order of time. False at the end.
  bool next(Entry& entry);

  /// Events that the kernel overwrote before this page: where it does not say how many, 1.
  [[nodiscard]] std::uint64_t missed() const { return missed_; }
  [[nodiscard]] bool is_damaged() const { return is_damaged_; }

 private:
  bool end_damaged();
  void read_missed(std::uint64_t commit, std::size_t commit_size, std::span<const std::byte> behind);

  std::span<const std::byte> rest_;
  std::uint64_t time_ns_ = 0;
  std::uint64_t missed_ = 0;
  bool is_damaged_ = false;
};

}  // namespace sockscope::ring_buffer
