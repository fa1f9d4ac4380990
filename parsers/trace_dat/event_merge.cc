#include "parsers/trace_dat/event_merge.h"

#include <algorithm>

namespace sockscope::trace_dat {
namespace {

constexpr std::size_t kNone = ~std::size_t{0};

}  // namespace

EventMerge::EventMerge(const TraceDat& trace, const ring_buffer::PageLayout& layout)
    : layout_(layout), time_(trace.time), taken_(kNone) {
  sources_.reserve(trace.buffers.size());
  for (const CpuBuffer& buffer : trace.buffers) {
    sources_.push_back({.cpu = buffer.cpu, .pages = CpuPages(buffer, trace.page_size, trace.buffers.size())});
  }
  for (std::size_t index = 0; index < sources_.size(); ++index) advance(index);
}

const TracedEvent* EventMerge::next() {
  if (taken_ != kNone) advance(std::exchange(taken_, kNone));
  if (turns_.empty()) return nullptr;
  taken_ = turns_.top().second;
  turns_.pop();
  Source& source = sources_[taken_];
  event_ = {.cpu = source.cpu,
            .time_ns = time_.ns_of(source.entry.time_ns),
            .payload = source.entry.payload,
            .missed = std::exchange(source.missed, 0)};
  return &event_;
}

void EventMerge::advance(std::size_t index) {
  Source& source = sources_[index];
  while (!source.reader.next(source.entry)) {
    if (source.reader.is_damaged()) ++damaged_;
    if (!next_page(source)) return;
  }
  turns_.emplace(source.entry.time_ns, index);
}

bool EventMerge::next_page(Source& source) {
  const Bytes page = source.pages.next();
  if (page.empty()) {
    if (source.pages.is_damaged() && !std::exchange(source.was_damaged, true)) ++damaged_;
    return false;
  }
  source.reader = ring_buffer::PageReader(layout_, page);
  source.missed += source.reader.missed();
  return true;
}

}  // namespace sockscope::trace_dat
