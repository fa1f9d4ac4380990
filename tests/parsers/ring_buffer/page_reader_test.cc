#include "parsers/ring_buffer/page_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/parsers/ring_buffer/pages.h"

namespace sockscope::ring_buffer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Entries = std::vector<std::pair<std::uint64_t, std::string>>;

struct Walked {
  Entries entries;
  std::uint64_t missed = 0;
  bool is_damaged = false;
};

Walked walk(std::string_view page) {
  const auto layout = PageLayout::parse(kHeaderPage);
  PageReader reader(*layout, test_support::bytes_of(page));
  Walked walked;
  for (Entry entry; reader.next(entry);) {
    walked.entries.emplace_back(entry.time_ns,
                                std::string(reinterpret_cast<const char*>(entry.payload.data()), entry.payload.size()));
  }
  walked.missed = reader.missed();
  walked.is_damaged = reader.is_damaged();
  return walked;
}

TEST(PageReader, AddsEachTimeToTheOneBefore) {
  const auto walked = walk(PageBuilder().event(0, "abcd").event(7, "efghijkl").event(3, "mnop").page(1000));
  EXPECT_THAT(walked.entries, ElementsAre(Pair(1000, "abcd"), Pair(1007, "efghijkl"), Pair(1010, "mnop")));
  EXPECT_EQ(walked.missed, 0U);
  EXPECT_FALSE(walked.is_damaged);
}

TEST(PageReader, OfNoPageIsAtItsEnd) {
  PageReader reader;
  Entry entry;
  EXPECT_FALSE(reader.next(entry));
  EXPECT_FALSE(reader.is_damaged());
}

TEST(PageReader, TakesTheLargestSmallEventAndTheSmallestLargeOne) {
  const std::string small(112, 's');
  const std::string large(116, 'l');
  const auto walked = walk(PageBuilder().event(1, small).large_event(2, large).event(4, "tail").page(0));
  EXPECT_THAT(walked.entries, ElementsAre(Pair(1, small), Pair(3, large), Pair(7, "tail")));
}

TEST(PageReader, ExtendsTimesBeyondTheBitsOfAHeader) {
  // 27 bits in the header, the rest in the word behind it.
  const auto walked = walk(PageBuilder().header(30, 5).word(2).event(1, "abcd").page(100));
  EXPECT_THAT(walked.entries, ElementsAre(Pair(100 + (2ULL << 27U) + 5 + 1, "abcd")));
}

TEST(PageReader, TakesAbsoluteTimesWithTheHighestBitsOfTheOneBefore) {
  const std::uint64_t high = std::uint64_t{3} << 59U;
  const auto walked = walk(PageBuilder().header(31, 9).word(4).event(0, "abcd").page(high + 5));
  EXPECT_THAT(walked.entries, ElementsAre(Pair(high + (4ULL << 27U) + 9, "abcd")));
  // Smaller than the time before it: the 59 bits went round.
  const auto round = walk(PageBuilder().header(31, 9).word(4).event(0, "abcd").page(high + (5ULL << 27U)));
  EXPECT_THAT(round.entries, ElementsAre(Pair(high + (std::uint64_t{1} << 59U) + (4ULL << 27U) + 9, "abcd")));
}

TEST(PageReader, PassesOverWhatWasGivenUpButForItsTime) {
  // 8 bytes, of which 4 are the length itself.
  const auto walked = walk(PageBuilder().event(0, "abcd").header(29, 20).word(8).word(0).event(3, "efgh").page(1000));
  EXPECT_THAT(walked.entries, ElementsAre(Pair(1000, "abcd"), Pair(1023, "efgh")));
}

// A discarded event whose time was 0 is given 1, since 0 means padding to the end of the page.
TEST(PageReader, CountsNoTimeForTheOneThatStandsForNone) {
  const auto walked = walk(PageBuilder().header(29, 1).word(8).word(0).event(3, "efgh").page(1000));
  EXPECT_THAT(walked.entries, ElementsAre(Pair(1003, "efgh")));
}

TEST(PageReader, EndsAtPaddingToTheEndOfThePage) {
  const auto walked = walk(PageBuilder().event(0, "abcd").header(29, 0).word(77).word(77).page(1000));
  EXPECT_THAT(walked.entries, ElementsAre(Pair(1000, "abcd")));
  EXPECT_FALSE(walked.is_damaged);
}

TEST(PageReader, SaysHowManyEventsWereOverwritten) {
  const PageBuilder one = std::move(PageBuilder().event(0, "abcd"));
  const std::string count = test_support::ByteWriter().u64(4711).str();
  EXPECT_EQ(walk(one.page(0, kMissedEvents | kMissedStored, count)).missed, 4711U);
  EXPECT_EQ(walk(one.page(0, kMissedEvents, count)).missed, 1U) << "the kernel does not say how many";
  EXPECT_EQ(walk(one.page(0, 0, count)).missed, 0U);
  EXPECT_THAT(walk(one.page(0, kMissedEvents | kMissedStored, count)).entries, ElementsAre(Pair(0, "abcd")));
}

// The count has no room behind a full page that was cut short.
TEST(PageReader, DoesNotReadACountThatIsNotThere) {
  const std::string page = PageBuilder().event(0, "abcd").page(0, kMissedEvents | kMissedStored).substr(0, 16 + 8 + 4);
  EXPECT_EQ(walk(page).missed, 1U);
}

TEST(PageReader, StopsWhereAnEventWouldLeaveThePage) {
  struct Case {
    const char* what;
    PageBuilder page;
    std::size_t sound;
  };
  const Case cases[] = {
      {"a payload", std::move(PageBuilder().event(0, "abcd").header(28, 0).word(0)), 1},
      {"a length", std::move(PageBuilder().event(0, "abcd").header(0, 0)), 1},
      {"a large payload", std::move(PageBuilder().header(0, 0).word(100).word(0)), 0},
      {"a length that does not count itself", std::move(PageBuilder().header(0, 0).word(3).word(0)), 0},
      {"padding", std::move(PageBuilder().header(29, 5).word(0xffffffff)), 0},
      {"a time extension", std::move(PageBuilder().event(0, "abcd").event(0, "efgh").header(30, 0)), 2},
      {"an absolute time", std::move(PageBuilder().header(31, 0)), 0},
  };
  for (const Case& one : cases) {
    const auto walked = walk(one.page.page(0));
    EXPECT_TRUE(walked.is_damaged) << one.what;
    EXPECT_EQ(walked.entries.size(), one.sound) << one.what;
  }
}

TEST(PageReader, RefusesAPageShorterThanItSaysItIs) {
  const std::string page = PageBuilder().event(0, "abcd").event(1, "efgh").page(1000);
  for (const std::size_t size : {std::size_t{0}, std::size_t{15}, std::size_t{16}, std::size_t{16 + 15}}) {
    const auto walked = walk(std::string_view(page).substr(0, size));
    EXPECT_TRUE(walked.is_damaged) << size;
    EXPECT_THAT(walked.entries, IsEmpty()) << size;
  }
  EXPECT_FALSE(walk(std::string_view(page).substr(0, 16 + 16)).is_damaged) << "all that is in use";
}

}  // namespace
}  // namespace sockscope::ring_buffer
