#include "harness/trace_merge.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/byte_string.h"
#include "base/unique_fd.h"
#include "parsers/perf_data/reader.h"
#include "tests/harness/temp_tree.h"
#include "tests/parsers/ring_buffer/pages.h"
#include "tests/support/tracing_data_builder.h"

namespace sockscope {
namespace {

using ring_buffer::PageBuilder;
using ring_buffer::PageLayout;
using ::testing::ElementsAre;

/// A record of ftrace: type, flags, preemption, thread, and as many bytes of its own.
std::string event(std::uint16_t id, std::int32_t tid) {
  std::string payload;
  append_number(payload, id);
  append_number(payload, std::uint16_t{0});
  append_number(payload, tid);
  return payload + "own.";
}

/// A record without content and with the trailer that all of ours have.
std::string task_record(std::uint32_t type, std::uint64_t time_ns, const std::string& body = {}) {
  std::string record;
  append_number(record, type);
  append_number(record, std::uint16_t{0});
  append_number(record, static_cast<std::uint16_t>(8 + body.size() + 32));
  record += body;
  for (const std::uint32_t number : {1U, 1U}) append_number(record, number);
  for (const std::uint64_t number : {time_ns, std::uint64_t{0}, std::uint64_t{103}}) append_number(record, number);
  return record;
}

class TraceMergeTest : public testing::Test {
 protected:
  /// A CPU's buffer with these pages, as trace_pipe_raw gives them: a page a read.
  CpuTrace cpu(int number, const std::string& pages) {
    const auto path = tree_ / fmt::format("cpu{}", number);
    tree_.file(path.filename(), pages);
    files_.emplace_back(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return {number, files_.back().get(), *PageLayout::parse(ring_buffer::kHeaderPage)};
  }

  /// "TIME:ID:CPU:TID" of samples, "TIME:type" of other records, in the order that they were written in.
  Result<std::vector<std::string>> merged(std::vector<CpuTrace> traces, std::vector<TaskRing::Recorded> tasks = {}) {
    const auto path = tree_ / "merged";
    auto writer = PerfDataWriter::create(path, {{.attr = tracepoint_attr(11), .ids = {101}, .name = "net:a"},
                                                {.attr = tracepoint_attr(12), .ids = {102}, .name = "net:b"},
                                                {.attr = tracepoint_attr(13), .ids = {103}, .name = "net:c"}});
    if (!writer) return pass_on(writer);
    const std::vector<std::uint64_t> ids{11, 12};
    TaskTable table({});
    if (auto put = merge(traces, tasks, ids, table, *writer); !put) return pass_on(put);
    if (auto finished = writer->finish({}); !finished) return pass_on(finished);
    auto reader = perf_data::Reader::open(path);
    if (!reader) return pass_on(reader);
    std::vector<std::string> lines;
    auto stream = reader->records();
    while (const auto* record = stream.next()) {
      if (record->type == PERF_RECORD_COMM) continue;
      lines.push_back(record->type == PERF_RECORD_SAMPLE
                          ? fmt::format("{}:{}:{}:{}/{}", record->time_ns, reader->attrs()[record->attr].config,
                                        record->cpu, record->pid, record->tid)
                          : fmt::format("{}:{}", record->time_ns, record->type));
    }
    lost_ = reader->counters().lost_events;
    return lines;
  }

  // Threads that no machine has: pid_max is at most 4194304.
  static constexpr std::int32_t kOne = 5'000'001;
  static constexpr std::int32_t kTwo = 5'000'002;
  TempTree tree_;
  std::vector<UniqueFd> files_;
  std::uint64_t lost_ = 0;
};

TEST_F(TraceMergeTest, PutsAllCpusAndTasksInOrderOfTime) {
  std::vector<CpuTrace> traces;
  traces.push_back(cpu(0, PageBuilder().event(0, event(11, kOne)).event(30, event(12, kOne)).page(1000) +
                              PageBuilder().event(0, event(11, kOne)).page(1060)));
  traces.push_back(cpu(1, PageBuilder().event(0, event(12, kTwo)).event(40, event(11, kTwo)).page(1010)));
  std::vector<TaskRing::Recorded> tasks{
      {.cpu = 0, .records = task_record(PERF_RECORD_SWITCH, 1005) + task_record(PERF_RECORD_SWITCH, 1070)},
      {.cpu = 1, .records = task_record(PERF_RECORD_EXIT, 1049)}};
  const auto lines = merged(std::move(traces), std::move(tasks));
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_THAT(*lines, ElementsAre("1000:11:0:5000001/5000001", "1005:14", "1010:12:1:5000002/5000002",
                                  "1030:12:0:5000001/5000001", "1049:4", "1050:11:1:5000002/5000002",
                                  "1060:11:0:5000001/5000001", "1070:14"));
}

// The thread of an event is all that ftrace says; that it began in which process, the records of tasks do.
TEST_F(TraceMergeTest, KnowsTheProcessOfAThreadThatBeganMeanwhile) {
  std::string fork;
  for (const std::uint32_t number : {kTwo + 0U, 1U, kOne + 0U, 1U}) append_number(fork, number);
  append_number(fork, std::uint64_t{1000});
  std::vector<CpuTrace> traces;
  traces.push_back(cpu(0, PageBuilder().event(0, event(11, kOne)).page(1010)));
  const auto lines = merged(std::move(traces), {{.cpu = 0, .records = task_record(PERF_RECORD_FORK, 1000, fork)}});
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_THAT(*lines, ElementsAre("1000:7", "1010:11:0:5000002/5000001"));
}

TEST_F(TraceMergeTest, PassesOverWhatIsNoneOfTheEvents) {
  std::vector<CpuTrace> traces;
  traces.push_back(cpu(0, PageBuilder()
                              .event(0, event(9, kOne))
                              .event(1, "shrt")
                              .event(1, event(60'000, kOne))
                              .event(1, event(12, 0))
                              .page(1000)));
  const auto lines = merged(std::move(traces));
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_THAT(*lines, ElementsAre("1003:12:0:0/0"));
}

TEST_F(TraceMergeTest, CountsWhatThePagesSayWasLost) {
  const std::string count = test_support::ByteWriter().u64(4711).str();
  std::vector<CpuTrace> traces;
  traces.push_back(cpu(0, PageBuilder().event(0, event(11, kOne)).page(1000) +
                              PageBuilder()
                                  .event(0, event(11, kOne))
                                  .page(1020, ring_buffer::kMissedEvents | ring_buffer::kMissedStored, count)));
  const auto lines = merged(std::move(traces));
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_THAT(*lines, ElementsAre("1000:11:0:5000001/5000001", "1000:2", "1020:11:0:5000001/5000001"));
  EXPECT_EQ(lost_, 4711U);
}

TEST_F(TraceMergeTest, GivesUpOnPagesThatItDoesNotUnderstand) {
  std::vector<CpuTrace> traces;
  traces.push_back(cpu(0, PageBuilder().event(0, event(11, kOne)).header(28, 0).page(1000)));
  const auto lines = merged(std::move(traces));
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().message, "this kernel's trace pages are not understood: use --capture perf");
}

// A record that ends behind its buffer was being written when it was full.
TEST_F(TraceMergeTest, StopsAtATaskRecordThatIsCutShort) {
  const std::string whole = task_record(PERF_RECORD_SWITCH, 1005);
  const auto lines = merged({}, {{.cpu = 0, .records = whole + whole.substr(0, 20)}});
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_THAT(*lines, ElementsAre("1005:14"));
}

}  // namespace
}  // namespace sockscope
