#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "base/child_process.h"
#include "base/line_reader.h"
#include "harness/commands.h"
#include "harness/function_graph_text.h"
#include "harness/input_kind.h"
#include "harness/open_recording.h"
#include "tests/harness/interruptible.h"
#include "tests/harness/temp_tree.h"
#include "tests/parsers/ring_buffer/pages.h"
#include "tests/support/byte_writer.h"
#include "tests/support/trace_dat_builder.h"

namespace sockscope {
namespace {

using ring_buffer::PageBuilder;
using test_support::ByteWriter;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

constexpr std::string_view kText =
    "# tracer: function_graph\n"
    " 0)               |  f() {\n"
    " 0)   0.100 us    |    g();\n"
    " 0)   0.500 us    |  }\n";

// As TRACEFS/events/.../format has them on 6.18.
constexpr std::string_view kCommon =
    "format:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
    "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n";
const std::string kEntry = "name: funcgraph_entry\nID: 11\n" + std::string(kCommon) +
                           "\tfield:unsigned long func;\toffset:8;\tsize:8;\tsigned:0;\n"
                           "\tfield:unsigned int depth;\toffset:16;\tsize:4;\tsigned:0;\n"
                           "\tfield:unsigned long args[];\toffset:24;\tsize:0;\tsigned:0;\n\n"
                           "print fmt: \"--> %ps (%u)\", (void *)REC->func, REC->depth\n";
const std::string kExit = "name: funcgraph_exit\nID: 10\n" + std::string(kCommon) +
                          "\tfield:unsigned long func;\toffset:8;\tsize:8;\tsigned:0;\n"
                          "\tfield:unsigned int depth;\toffset:16;\tsize:4;\tsigned:0;\n"
                          "\tfield:unsigned int overrun;\toffset:20;\tsize:4;\tsigned:0;\n"
                          "\tfield:unsigned long long calltime;\toffset:24;\tsize:8;\tsigned:0;\n"
                          "\tfield:unsigned long long rettime;\toffset:32;\tsize:8;\tsigned:0;\n\n"
                          "print fmt: \"<-- %ps\", (void *)REC->func\n";
const std::string kWaking = "name: sched_waking\nID: 300\n" + std::string(kCommon) +
                            "\tfield:pid_t pid;\toffset:8;\tsize:4;\tsigned:1;\n\nprint fmt: \"pid=%d\", REC->pid\n";

std::string entry(std::int32_t pid, std::uint64_t function, std::uint32_t depth) {
  return ByteWriter().u16(11).u16(0).u32(static_cast<std::uint32_t>(pid)).u64(function).u32(depth).u32(0).str();
}
std::string exit_of(std::int32_t pid, std::uint64_t function, std::uint32_t depth, std::uint64_t from,
                    std::uint64_t to) {
  return ByteWriter()
      .u16(10)
      .u16(0)
      .u32(static_cast<std::uint32_t>(pid))
      .u64(function)
      .u32(depth)
      .u32(0)
      .u64(from)
      .u64(to)
      .str();
}
std::string waking(std::int32_t pid, std::uint32_t woken) {
  return ByteWriter().u16(300).u16(0).u32(static_cast<std::uint32_t>(pid)).u32(woken).str();
}

test_support::TraceDatSpec calls() {
  test_support::TraceDatSpec spec;
  spec.ftrace = {kEntry, kExit};
  spec.events = {{"sched", kWaking}};
  spec.kallsyms = "0000000000001000 T f\n0000000000002000 t g\t[mod]\n";
  spec.cmdlines = "7 nc\n";
  spec.uname = "Linux lab 6.1.0 x86_64";
  // Task 7 goes from CPU 0 to CPU 1 in the middle of f.
  spec.cpus = {{0, PageBuilder()
                       .event(0, entry(7, 0x1004, 0))
                       .event(10, entry(7, 0x2000, 1))
                       .event(5, exit_of(7, 0x2000, 1, 110, 115))
                       .page(100)},
               {1, PageBuilder().event(0, waking(7, 9)).event(60, exit_of(7, 0x1004, 0, 100, 200)).page(140)}};
  return spec;
}

class CallReportCommand : public Interruptible {
 protected:
  Result<int> run(const std::filesystem::path& path, Format format = Format::kJson) {
    return run_command(ReportOptions{.path = path, .output = {.format = format, .file = tree_ / "out"}}, interrupt());
  }
  [[nodiscard]] Json json() const { return Json::parse(content_of(tree_ / "out")); }
};

TEST_F(CallReportCommand, ReadsTextWhateverItIsCalled) {
  tree_.file("perf.data", kText);
  EXPECT_EQ(run(tree_ / "perf.data").value_or(-1), 0);
  EXPECT_EQ(json()["schema"], "sockscope.ftrace/1");
  EXPECT_EQ(json()["form"], "function_graph text");
  EXPECT_EQ(json()["calls"], 2);
  EXPECT_EQ(json()["functions"][0]["name"], "f");
  EXPECT_EQ(json()["functions"][0]["self_ns"], 400);
}

TEST_F(CallReportCommand, WritesEveryFormatOfCalls) {
  tree_.file("x.log", kText);
  EXPECT_EQ(run(tree_ / "x.log", Format::kFolded).value_or(-1), 0);
  EXPECT_EQ(content_of(tree_ / "out"), "f 400\nf;g 100\n");
  EXPECT_EQ(run(tree_ / "x.log", Format::kCsv).value_or(-1), 0);
  EXPECT_EQ(content_of(tree_ / "out"),
            "function,calls,timed,self_ns,total_ns,min_ns,max_ns,unclosed\nf,1,1,400,500,500,500,0\ng,1,1,100,100,100,"
            "100,0\n");
  EXPECT_EQ(run(tree_ / "x.log", Format::kTree).value_or(-1), 0);
  EXPECT_THAT(content_of(tree_ / "out"), HasSubstr("        0.10         0.10         1    g\n"));
  EXPECT_EQ(run(tree_ / "x.log", Format::kTable).value_or(-1), 0);
  EXPECT_THAT(content_of(tree_ / "out"),
              HasSubstr("2 calls of 2 functions, CPU 0; outermost calls take 0.50 us together\n"));
}

TEST_F(CallReportCommand, RefusesFormatsOfMessages) {
  tree_.file("x.log", kText);
  for (const Format format : {Format::kHtml, Format::kPerfetto, Format::kCtf, Format::kJsonLines}) {
    const auto status = run(tree_ / "x.log", format);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(status.error().message,
              tree_.str() +
                  "/x.log is a trace of function calls, which has no messages: --format is table, tree, json, csv "
                  "or folded (see sockscope --help)");
  }
}

TEST_F(CallReportCommand, NamesTextThatIsSomethingElse) {
  tree_.file("x.log", "# tracer: irqsoff\n");
  const auto status = run(tree_ / "x.log");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInput);
  EXPECT_EQ(status.error().message,
            tree_.str() + "/x.log: is text of ftrace's irqsoff tracer: only function_graph says how long calls take");
}

TEST_F(CallReportCommand, DoesNotWriteOverTheTrace) {
  tree_.file("out", kText);
  const auto status = run(tree_ / "out");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(content_of(tree_ / "out"), kText);
}

TEST_F(CallReportCommand, HasNoTreeOfMessages) {
  tree_.file("x.data", test_support::trace_dat_bytes([] {
               auto spec = calls();
               spec.cpus = {{0, PageBuilder().event(0, waking(7, 9)).page(1)}};
               return spec;
             }()));
  const auto status = run(tree_ / "x.data", Format::kTree);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(status.error().message,
            "--format tree is of traces of ftrace's function_graph, and " + tree_.str() + "/x.data is none");
}

// f runs from 100 to 200 with 5 in g: by the times in the events, under the names of the trace's own kallsyms.
TEST_F(CallReportCommand, ReadsCallsOfATraceDatInEveryForm) {
  for (const auto& [version, is_compressed] : {std::pair{"6", false}, {"7", false}, {"7", true}}) {
    auto spec = calls();
    spec.version = version;
    spec.is_compressed = is_compressed;
    tree_.file("x.dat", test_support::trace_dat_bytes(spec));
    ASSERT_EQ(run(tree_ / "x.dat").value_or(-1), 0);
    EXPECT_EQ(json()["form"], "trace.dat");
    EXPECT_EQ(json()["cpus"], Json::parse("[0, 1]"));
    EXPECT_EQ(json()["outermost_ns"], 100);
    EXPECT_EQ(json()["tree"][0]["name"], "f");
    EXPECT_EQ(json()["tree"][0]["self_ns"], 95);
    EXPECT_EQ(json()["tree"][0]["children"][0]["name"], "g");
    EXPECT_EQ(json()["data_quality"]["complete"], true);
    EXPECT_EQ(json()["data_quality"]["other_events"], 1);
  }
}

TEST_F(CallReportCommand, MakesARecordingOfATraceDat) {
  tree_.file("x.dat", test_support::trace_dat_bytes(calls()));
  const auto reader = open_recording(tree_ / "x.dat");
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->name(), tree_.str() + "/x.dat");
  EXPECT_EQ(reader->info().osrelease, "6.1.0");
  EXPECT_EQ(reader->info().arch, "x86_64");
  EXPECT_EQ(reader->info().perf_version, "trace-cmd (trace.dat version 7), clock mono");
  ASSERT_EQ(reader->attrs().size(), 1U);
  EXPECT_EQ(reader->attrs()[0].name, "sched:sched_waking");
  auto stream = reader->records();
  const auto* const name = stream.next();
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(name->type, perf_data::record_type::kComm);
  const auto* const sample = stream.next();
  ASSERT_NE(sample, nullptr);
  EXPECT_EQ(sample->time_ns, 140U);
  EXPECT_EQ(sample->cpu, 1U);
  EXPECT_EQ(sample->tid, 7);
  EXPECT_EQ(stream.next(), nullptr);
}

TEST_F(CallReportCommand, SaysThatCallsAreNoEvents) {
  auto spec = calls();
  spec.cpus[1].second = PageBuilder().event(60, exit_of(7, 0x1004, 0, 100, 200)).page(140);
  tree_.file("x.dat", test_support::trace_dat_bytes(spec));
  const auto reader = open_recording(tree_ / "x.dat");
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().message,
            tree_.str() + "/x.dat: is a trace.dat of function calls alone: sockscope report FILE shows them");
}

TEST_F(CallReportCommand, CountsLossesOfATraceDat) {
  auto spec = calls();
  spec.cpus[1].second =
      PageBuilder()
          .event(0, waking(7, 9))
          .header(20, 0)
          .page(140, ring_buffer::kMissedEvents | ring_buffer::kMissedStored, ByteWriter().u64(5).str());
  tree_.file("x.dat", test_support::trace_dat_bytes(spec));
  const auto reader = open_recording(tree_ / "x.dat");
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->counters().lost_events, 6U);  // and one page that ends in nonsense
}

// Whoever kills it at whatever time leaves nothing: the file never has a name.
TEST_F(CallReportCommand, MakesItsRecordingWithoutAName) {
  tree_.file("x.dat", test_support::trace_dat_bytes(calls()));
  std::filesystem::create_directory(tree_ / "tmp");
  const ScopedEnvironment temporary("TMPDIR", (tree_ / "tmp").string());
  const UniqueFd watch(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  ASSERT_GE(inotify_add_watch(watch.get(), (tree_ / "tmp").c_str(), IN_CREATE | IN_MOVED_TO), 0);
  ASSERT_TRUE(open_recording(tree_ / "x.dat"));
  std::array<char, 4096> events{};
  EXPECT_EQ(read(watch.get(), events.data(), events.size()), -1);
  EXPECT_EQ(errno, EAGAIN);
}

// One of no format, one too short for a task, one that no record has room for; calls are no events.
TEST_F(CallReportCommand, CountsEventsThatItCannotWriteAsLost) {
  auto spec = calls();
  spec.page_size = 128 * 1024;
  const std::string page = PageBuilder()
                               .event(0, waking(7, 9))
                               .event(1, ByteWriter().u16(999).u16(0).u32(7).str())
                               .event(1, ByteWriter().u16(300).u16(0).str())
                               .large_event(1, ByteWriter().u16(300).u16(0).u32(7).zeros(60'000).str())
                               .event(1, entry(7, 0x1004, 0))
                               .page(140);
  spec.cpus = {{0, ByteWriter().text(page).pad_to(spec.page_size).str()}};
  tree_.file("x.dat", test_support::trace_dat_bytes(spec));
  const auto reader = open_recording(tree_ / "x.dat");
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->counters().lost_events, 3U);
  EXPECT_EQ(reader->counters().samples, 1U);
}

TEST_F(CallReportCommand, SaysWhichCommandReadsText) {
  tree_.file("x.log", kText);
  const auto slow = run_command(SlowOptions{.path = tree_ / "x.log"}, interrupt());
  const auto events = run_command(EventsOptions{.path = tree_ / "x.log"}, interrupt());
  for (const auto& status : {slow, events}) {
    ASSERT_FALSE(status);
    EXPECT_EQ(exit_status_of(status.error().kind), 4);
    EXPECT_EQ(status.error().message,
              fmt::format("{0}/x.log: not a perf.data file but text: sockscope report {0}/x.log "
                          "reads what function_graph prints",
                          tree_.str()));
  }
}

void wait_until_read(int pipe) {
  int left = 1;
  while (left != 0) ASSERT_EQ(ioctl(pipe, FIONREAD, &left), 0);
}

// As in `cat trace_pipe | sockscope report -`: Ctrl-C is for cat; what it wrote is read to its end.
TEST(FunctionGraphText, OutlivesTheInterruptOfItsWriter) {
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  const UniqueFd before(dup(STDIN_FILENO));
  dup2(pipe->read_end.get(), STDIN_FILENO);
  const std::jthread writer([fd = std::move(pipe->write_end)] {
    const std::string_view half = kText.substr(0, kText.size() / 2);
    ASSERT_TRUE(write_all(fd.get(), half, "pipe"));
    wait_until_read(fd.get());
    ASSERT_EQ(kill(getpid(), SIGINT), 0);
    ASSERT_TRUE(write_all(fd.get(), kText.substr(half.size()), "pipe"));
  });
  const auto trace = read_function_graph_text("-");
  dup2(before.get(), STDIN_FILENO);
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->tree.calls, 2U);
}

class InputKindTest : public testing::Test {
 protected:
  TempTree tree_;
  InputKind kind(std::string_view content) {
    tree_.file("x", content);
    return input_kind_of(tree_ / "x");
  }
};

TEST_F(InputKindTest, IsOfTheContent) {
  EXPECT_EQ(kind("PERFILE2 and so on"), InputKind::kPerfData);
  EXPECT_EQ(kind("\x17\x08\x44tracing7"), InputKind::kTraceDat);
  EXPECT_EQ(kind(kText), InputKind::kText);
  EXPECT_EQ(kind("\xc3\xa9t\xc3\xa9\n"), InputKind::kText);
  EXPECT_EQ(kind(std::string_view("ab\0c", 4)), InputKind::kPerfData);
  EXPECT_EQ(kind(""), InputKind::kPerfData);
  EXPECT_EQ(input_kind_of(tree_.path()), InputKind::kPerfData);
  EXPECT_EQ(input_kind_of(tree_ / "none"), InputKind::kPerfData);
}

/// What of a pipe is left after somebody looked at it.
TEST_F(InputKindTest, TakesNothingOutOfAPipe) {
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  ASSERT_EQ(write(pipe->write_end.get(), kText.data(), kText.size()), static_cast<ssize_t>(kText.size()));
  pipe->write_end.reset();
  const UniqueFd before(dup(STDIN_FILENO));
  dup2(pipe->read_end.get(), STDIN_FILENO);
  const InputKind found = input_kind_of("-");
  std::string left(4096, '\0');
  left.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read(STDIN_FILENO, left.data(), left.size()))));
  dup2(before.get(), STDIN_FILENO);
  EXPECT_EQ(found, InputKind::kText);
  EXPECT_EQ(left, kText);
}

}  // namespace
}  // namespace sockscope
