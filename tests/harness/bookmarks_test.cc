#include "harness/bookmarks.h"

#include <gtest/gtest.h>

#include "tests/analysis/ping_pong.h"
#include "tests/harness/recording.h"
#include "tests/parsers/perf_data/reading.h"

namespace sockscope {
namespace {

class BookmarksTest : public ::testing::Test {
 protected:
  void add(std::size_t recording, std::uint64_t before_ns) {
    marks_.add(recording, before_ns, opened_->records(), context_);
  }
  [[nodiscard]] std::uint64_t time_before(std::size_t recording, std::uint64_t time_ns) const {
    const auto* const mark = marks_.before(recording, time_ns);
    return mark == nullptr ? 0 : mark->before_ns;
  }

  perf_data::Opened opened_ = perf_data::open_bytes(recording_of(ping_pong(Protocol::kTcp)).file_form());
  StoryContext context_;
  Bookmarks marks_;
};

TEST_F(BookmarksTest, FindsTheLastOneBeforeATimeInARecording) {
  for (const std::uint64_t time_ns : {0, 100, 200, 300}) add(0, time_ns);
  for (const std::uint64_t time_ns : {0, 50}) add(1, time_ns);
  EXPECT_EQ(marks_.size(), 4U) << "the beginnings need none";
  EXPECT_EQ(time_before(0, 100), 0U) << "an event of that time may stand before it";
  EXPECT_EQ(time_before(0, 101), 100U);
  EXPECT_EQ(time_before(0, 1'000), 300U);
  EXPECT_EQ(time_before(1, 50), 0U);
  EXPECT_EQ(time_before(1, 51), 50U);
  EXPECT_EQ(time_before(2, 51), 0U);
}

TEST_F(BookmarksTest, BecomesSparserInsteadOfLarger) {
  constexpr std::uint64_t many = 100'000;
  for (std::uint64_t i = 0; i < many; ++i) add(0, i * 10);
  EXPECT_LT(marks_.size() * sizeof(Bookmarks::Bookmark), Bookmarks::kMostBytes);
  EXPECT_GT(marks_.size(), 1'000U);
  const std::uint64_t gap = 500'000 - time_before(0, 500'000);
  EXPECT_LT(gap, 10 * many / 1'000) << "as dense as the room allows";
}

TEST_F(BookmarksTest, TakesNoneOfAContextThatHasNotGotAllThreads) {
  EventLog log;
  for (std::int32_t tid = 1; tid <= 8193; ++tid) log.in(tid).other_call(10);
  for (const Event& event : log) context_.on(event);
  for (const std::uint64_t time_ns : {0, 100}) add(0, time_ns);
  EXPECT_EQ(marks_.size(), 0U);
}

}  // namespace
}  // namespace sockscope
