#include "harness/bookmarks.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sockscope {
namespace {

std::size_t bytes_of(const Bookmarks::Bookmark& mark) {
  return sizeof mark + mark.stream.bytes() + mark.moment.bytes();
}

}  // namespace

void Bookmarks::add(std::size_t recording, std::uint64_t before_ns, const perf_data::RecordStream& stream,
                    const StoryContext& context) {
  if (recording != recording_) next_number_ = 0;
  recording_ = recording;
  const std::size_t number = next_number_++;
  // The beginning of a recording needs none, and a context that has not got everything makes none.
  if (number == 0 || number % stride_ != 0 || !context.is_complete()) return;
  marks_.push_back(
      {.recording = recording, .number = number, .before_ns = before_ns, .stream = stream, .moment = context.moment()});
  bytes_ += bytes_of(marks_.back());
  while (bytes_ > kMostBytes) thin();
}

void Bookmarks::thin() {
  stride_ *= 2;
  std::erase_if(marks_, [this](const Bookmark& mark) { return mark.number % stride_ != 0; });
  bytes_ = 0;
  for (const Bookmark& mark : marks_) bytes_ += bytes_of(mark);
}

const Bookmarks::Bookmark* Bookmarks::before(std::size_t recording, std::uint64_t time_ns) const {
  const auto is_before = [&](const Bookmark& mark) {
    return std::pair(mark.recording, mark.before_ns) < std::pair(recording, time_ns);
  };
  const auto next = std::ranges::partition_point(marks_, is_before);
  if (next == marks_.begin() || std::prev(next)->recording != recording) return nullptr;
  return &*std::prev(next);
}

}  // namespace sockscope
