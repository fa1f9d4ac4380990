#include "parsers/ring_buffer/page_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sockscope::ring_buffer {
namespace {

// include/linux/ring_buffer.h and kernel/trace/ring_buffer.c: what TRACEFS/events/header_event says, and has
// since 2.6.30.
constexpr unsigned kTypeBits = 5;
constexpr unsigned kDeltaBits = 27;
constexpr std::uint32_t kPadding = 29;
constexpr std::uint32_t kTimeExtend = 30;
constexpr std::uint32_t kTimeStamp = 31;
constexpr std::size_t kWord = 4;
// An absolute time has 59 bits; the others are those of the time before it.
constexpr std::uint64_t kAbsoluteBits = (std::uint64_t{1} << 59) - 1;

constexpr std::uint64_t kCommitMask = (std::uint64_t{1} << 27) - 1;
constexpr std::uint64_t kMissedEvents = std::uint64_t{1} << 31;
constexpr std::uint64_t kMissedStored = std::uint64_t{1} << 30;

template <class T>
T load(std::span<const std::byte> bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

/// A long of the kernel, of 4 or 8 bytes.
std::uint64_t load_long(std::span<const std::byte> bytes, std::size_t size) {
  return size == sizeof(std::uint32_t) ? load<std::uint32_t>(bytes) : load<std::uint64_t>(bytes);
}

struct Header {
  std::uint32_t type = 0;
  std::uint32_t delta = 0;
};

/// A C bit field: on big-endian machines its first member is in the highest bits.
Header header_of(std::uint32_t word) {
  if constexpr (std::endian::native == std::endian::little) {
    return {.type = word & ((1U << kTypeBits) - 1), .delta = word >> kTypeBits};
  } else {
    return {.type = word >> kDeltaBits, .delta = word & ((1U << kDeltaBits) - 1)};
  }
}

std::uint64_t absolute_time(std::uint64_t stamp, std::uint64_t before) {
  std::uint64_t time = stamp | (before & ~kAbsoluteBits);
  if (time < before) time += kAbsoluteBits + 1;
  return time;
}

}  // namespace

PageReader::PageReader(const PageLayout& layout, std::span<const std::byte> page) {
  if (page.size() < layout.data_at) {
    is_damaged_ = true;
    return;
  }
  time_ns_ = load<std::uint64_t>(page.subspan(layout.timestamp_at));
  const std::uint64_t commit = load_long(page.subspan(layout.commit_at), layout.commit_size);
  const auto data = page.subspan(layout.data_at);
  const std::uint64_t used = commit & kCommitMask;
  if (used > data.size()) {
    is_damaged_ = true;
    return;
  }
  rest_ = data.first(used);
  read_missed(commit, layout.commit_size, data.subspan(used));
}

void PageReader::read_missed(std::uint64_t commit, std::size_t commit_size, std::span<const std::byte> behind) {
  if ((commit & kMissedEvents) == 0) return;
  missed_ = 1;
  if ((commit & kMissedStored) != 0 && behind.size() >= commit_size) missed_ = load_long(behind, commit_size);
}

bool PageReader::end_damaged() {
  is_damaged_ = true;
  rest_ = {};
  return false;
}

bool PageReader::next(Entry& entry) {
  while (!rest_.empty()) {
    if (rest_.size() < kWord) return end_damaged();
    const Header header = header_of(load<std::uint32_t>(rest_));
    rest_ = rest_.subspan(kWord);
    if (header.type == kPadding && header.delta == 0) {  // to the end of the page
      rest_ = {};
      return false;
    }
    if (header.type != 0 && header.type < kPadding) {
      const std::size_t size = header.type * kWord;
      if (size > rest_.size()) return end_damaged();
      time_ns_ += header.delta;
      entry = {.time_ns = time_ns_, .payload = rest_.first(size)};
      rest_ = rest_.subspan(size);
      return true;
    }
    if (rest_.size() < kWord) return end_damaged();
    const auto word = load<std::uint32_t>(rest_);
    const std::uint64_t time = (std::uint64_t{word} << kDeltaBits) + header.delta;
    if (header.type == kTimeExtend || header.type == kTimeStamp) {
      time_ns_ = header.type == kTimeExtend ? time_ns_ + time : absolute_time(time, time_ns_);
      rest_ = rest_.subspan(kWord);
      continue;
    }
    // The length counts itself.
    if (word < kWord || word > rest_.size()) return end_damaged();
    const auto payload = rest_.subspan(kWord, word - kWord);
    rest_ = rest_.subspan(word);
    if (header.type == kPadding) {
      // An event that was given up; its time counts, except that 1 stands for 0, which would be padding to the end.
      if (header.delta != 1) time_ns_ += header.delta;
      continue;
    }
    time_ns_ += header.delta;
    entry = {.time_ns = time_ns_, .payload = payload};
    return true;
  }
  return false;
}

}  // namespace sockscope::ring_buffer
