#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/story_context.h"
#include "parsers/perf_data/record_stream.h"

namespace sockscope {

/// Places of recordings from which events can be read again without those before. They become sparser as there are more
/// of them: memory does not grow with the recordings.
class Bookmarks {
 public:
  struct Bookmark {
    std::size_t recording = 0;    ///< As the caller counts them.
    std::size_t number = 0;       ///< Which place of the recording it is.
    std::uint64_t before_ns = 0;  ///< Later than no event that stands before it.
    perf_data::RecordStream stream;
    StoryContext::Moment moment;
  };
  static constexpr std::size_t kMostBytes = std::size_t{8} << 20;

  /// The next place of a recording, whose places come one after another. Copies stream and context if it is kept.
  void add(std::size_t recording, std::uint64_t before_ns, const perf_data::RecordStream& stream,
           const StoryContext& context);

  /// The last of the recording with all events before it earlier than `time_ns`; null: only its beginning is.
  [[nodiscard]] const Bookmark* before(std::size_t recording, std::uint64_t time_ns) const;

  [[nodiscard]] std::size_t size() const noexcept { return marks_.size(); }

 private:
  void thin();

  std::vector<Bookmark> marks_;
  std::size_t bytes_ = 0;
  std::size_t stride_ = 1;
  std::size_t recording_ = 0;
  std::size_t next_number_ = 0;
};

}  // namespace sockscope
