#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/error.h"
#include "parsers/ring_buffer/page_reader.h"

namespace sockscope {

/// What is in one CPU's buffer of an ftrace instance, in order of time: read page by page as it is taken.
class CpuTrace {
 public:
  /// `fd` is of per_cpu/cpuN/trace_pipe_raw, non-blocking; it must outlive this.
  CpuTrace(int cpu, int fd, const ring_buffer::PageLayout& layout)
      : cpu_(cpu), fd_(fd), layout_(layout), page_(layout.page_size()) {}

  CpuTrace(CpuTrace&&) noexcept = default;
  CpuTrace(const CpuTrace&) = delete;  // entries point into the page
  CpuTrace& operator=(CpuTrace&&) = delete;
  CpuTrace& operator=(const CpuTrace&) = delete;
  ~CpuTrace() = default;

  /// Goes to the next event. False at the end. kEnvironment if a page cannot be read or makes no sense.
  Result<bool> next();

  [[nodiscard]] const ring_buffer::Entry& entry() const { return entry_; }
  [[nodiscard]] int cpu() const { return cpu_; }
  /// Events that the kernel said it overwrote, since this was last asked.
  std::uint64_t take_missed() { return std::exchange(missed_, 0); }

 private:
  Result<bool> read_page();

  int cpu_;
  int fd_;
  ring_buffer::PageLayout layout_;
  std::vector<std::byte> page_;
  ring_buffer::PageReader reader_;
  ring_buffer::Entry entry_;
  std::uint64_t missed_ = 0;
};

}  // namespace sockscope
