#pragma once

#include <cstddef>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

#include "parsers/ring_buffer/page_layout.h"
#include "parsers/ring_buffer/page_reader.h"
#include "parsers/trace_dat/cpu_pages.h"
#include "parsers/trace_dat/trace_dat.h"

namespace sockscope::trace_dat {

/// One event of a trace.dat.
struct TracedEvent {
  std::uint32_t cpu = 0;
  std::uint64_t time_ns = 0;
  Bytes payload;             ///< As its format describes it. Good until the next event is asked for.
  std::uint64_t missed = 0;  ///< Events that the kernel overwrote on that CPU before this one, at least.
};

/// The events of all CPUs, in order of time; each CPU's stay in the order in which they were recorded. The trace must
/// outlive it.
class EventMerge {
 public:
  EventMerge(const TraceDat& trace, const ring_buffer::PageLayout& layout);

  /// Null at the end.
  [[nodiscard]] const TracedEvent* next();
  /// Pages and buffers that made no sense from some place on.
  [[nodiscard]] std::uint64_t damaged() const { return damaged_; }

 private:
  struct Source {
    std::uint32_t cpu = 0;
    CpuPages pages;
    ring_buffer::PageReader reader;
    ring_buffer::Entry entry;
    std::uint64_t missed = 0;
    bool was_damaged = false;
  };
  using Turn = std::pair<std::uint64_t, std::size_t>;  // a source's time, and which one it is

  void advance(std::size_t index);
  bool next_page(Source& source);

  ring_buffer::PageLayout layout_;
  TimeConversion time_;
  std::vector<Source> sources_;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns_;
  std::size_t taken_;  // whose event was handed out; none at first
  TracedEvent event_;
  std::uint64_t damaged_ = 0;
};

}  // namespace sockscope::trace_dat
