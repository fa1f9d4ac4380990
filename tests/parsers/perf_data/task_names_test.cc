#include "parsers/perf_data/task_names.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/fork_record.h"
#include "tests/support/byte_writer.h"

namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;

// Keeps the bytes of its records, which names point into.
class Story {
 public:
  Story& comm(std::uint32_t pid, std::uint32_t tid, std::string_view name) {
    return tell(record_type::kComm, ByteWriter(order_).u32(pid).u32(tid).c_string(name).str());
  }
  Story& fork(std::uint32_t pid, std::uint32_t tid, std::uint32_t parent_pid, std::uint32_t parent_tid) {
    return tell(record_type::kFork, ByteWriter(order_).u32(pid).u32(parent_pid).u32(tid).u32(parent_tid).u64(0).str());
  }
  Story& tell(std::uint32_t type, std::string payload) {
    const std::string& kept = *payloads_.emplace_back(std::make_unique<std::string>(std::move(payload)));
    names_.apply({.type = type, .body = {}, .payload = bytes_of(kept)}, order_);
    return *this;
  }
  // "(none)" for a thread without a name, to tell it from one with an empty name.
  std::string name_of(std::int32_t pid, std::int32_t tid) {
    const std::string_view name = names_.name_of(pid, tid);
    return name.data() == nullptr ? "(none)" : std::string(name);
  }

  explicit Story(ByteOrder order = ByteOrder::kNative) : order_(order) {}

 private:
  ByteOrder order_;
  TaskNames names_;
  std::vector<std::unique_ptr<std::string>> payloads_;
};

TEST(TaskNames, KnowsTheIdleTaskAndNobodyElse) {
  Story story;
  EXPECT_EQ(story.name_of(0, 0), "swapper");
  EXPECT_EQ(story.name_of(7, 7), "(none)");
  EXPECT_EQ(story.name_of(-1, -1), "(none)");
}

TEST(TaskNames, TakesTheLatestName) {
  Story story;
  story.comm(7, 8, "bash");
  EXPECT_EQ(story.name_of(7, 8), "bash");
  EXPECT_EQ(story.name_of(7, 7), "(none)");
  story.comm(7, 8, "ls");
  EXPECT_EQ(story.name_of(7, 8), "ls");
  story.comm(7, 8, "");
  EXPECT_EQ(story.name_of(7, 8), "");
  story.comm(0, 0, "idle");
  EXPECT_EQ(story.name_of(0, 0), "idle");
}

TEST(TaskNames, NamesAThreadByItsTidWhateverItsProcess) {
  Story story;
  story.comm(7, 8, "bash");
  EXPECT_EQ(story.name_of(9, 8), "bash");
}

TEST(TaskNames, ChildrenInheritTheName) {
  Story story;
  story.comm(7, 7, "bash").fork(9, 9, 7, 7);
  EXPECT_EQ(story.name_of(9, 9), "bash");
  story.comm(9, 9, "ls");
  EXPECT_EQ(story.name_of(9, 9), "ls");
  EXPECT_EQ(story.name_of(7, 7), "bash");
}

TEST(TaskNames, AReusedTidForgetsWhoHadIt) {
  Story story;
  story.comm(7, 7, "bash").comm(9, 9, "old").fork(9, 9, 7, 7);
  EXPECT_EQ(story.name_of(9, 9), "bash");
  story.fork(9, 9, 100, 100);  // of a parent that nobody has named
  EXPECT_EQ(story.name_of(9, 9), "(none)");
}

TEST(TaskNames, ChildrenOfTheIdleTaskAreSwappersToo) {
  Story story;
  story.fork(1, 1, 0, 0);
  EXPECT_EQ(story.name_of(1, 1), "swapper");
}

// tools/perf/util/machine.c, "removing erroneous parent thread".
TEST(TaskNames, AParentOfAnotherProcessThanItsNameLosesIt) {
  Story story;
  story.comm(7, 8, "bash").fork(20, 20, 6, 8);
  EXPECT_EQ(story.name_of(20, 20), "(none)");
  EXPECT_EQ(story.name_of(6, 8), "(none)");
}

TEST(TaskNames, ASampleSaysWhichProcessAThreadIsOf) {
  Story story;
  EXPECT_EQ(story.name_of(7, 8), "(none)");
  story.comm(6, 8, "bash").fork(20, 20, 6, 8);  // perf still has 8 in process 7
  EXPECT_EQ(story.name_of(20, 20), "(none)");
}

TEST(TaskNames, AnUnknownProcessIsFilledIn) {
  Story story;
  EXPECT_EQ(story.name_of(-1, 8), "(none)");
  story.comm(7, 8, "bash").fork(20, 20, 7, 8);
  EXPECT_EQ(story.name_of(20, 20), "bash");
}

TEST(TaskNames, HoldsManyThreads) {
  Story story;
  for (std::uint32_t tid = 1; tid <= 5'000; ++tid) story.comm(tid, tid, "task-" + std::to_string(tid));
  for (std::int32_t tid = 1; tid <= 5'000; ++tid) {
    ASSERT_EQ(story.name_of(tid, tid), "task-" + std::to_string(tid));
  }
  EXPECT_EQ(story.name_of(0, 0), "swapper");
}

TEST(TaskNames, ReadsTheOtherByteOrder) {
  Story story(ByteOrder::kSwapped);
  story.comm(7, 7, "bash").fork(9, 9, 7, 7);
  EXPECT_EQ(story.name_of(9, 9), "bash");
}

TEST(TaskNames, PassesOverWhatIsCutOff) {
  Story story;
  story.tell(record_type::kComm, "\x07").tell(record_type::kFork, std::string(15, '\0'));
  EXPECT_EQ(story.name_of(7, 7), "(none)");
}

TEST(ForkRecord, HasItsFieldsInTheKernelsOrder) {
  const std::string payload = ByteWriter().u32(1).u32(2).u32(3).u32(4).u64(5).str();
  const auto fork = parse_fork({.type = record_type::kFork, .body = {}, .payload = bytes_of(payload)});
  ASSERT_TRUE(fork);
  EXPECT_EQ(fork->pid, 1);
  EXPECT_EQ(fork->parent_pid, 2);
  EXPECT_EQ(fork->tid, 3);
  EXPECT_EQ(fork->parent_tid, 4);
  EXPECT_FALSE(parse_fork({.type = record_type::kComm, .body = {}, .payload = bytes_of(payload)}));
}

}  // namespace
}  // namespace sockscope::perf_data
