#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/commands.h"
#include "harness/run_directory.h"
#include "tests/analysis/ping_pong.h"
#include "tests/harness/interruptible.h"
#include "tests/harness/recording.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::HasSubstr;

/// What the ends of ping_pong() say of themselves.
RunResult traced_run(const Variant& variant, unsigned round) {
  RunResult run;
  run.step = {.round = round, .variant = variant.protocol == Protocol::kTcp ? 0U : 1U, .watch = Watch::kPerf};
  run.variant = variant;
  run.client.identity = {.role = Role::kClient, .tid = kClientTid, .fd = kClientFd};
  run.server.identity = {.role = Role::kServer, .tid = kServerTid, .fd = kServerFd};
  for (EndResult* end : {&run.client, &run.server}) {
    end->start_ns = 900;
    end->end_ns = 40'000;
  }
  run.recording = recording_name(variant, run.step);
  run.perf_command = {"perf", "record"};
  return run;
}

RunResult untraced_run(const Variant& variant) {
  RunResult run = traced_run(variant, 1);
  run.step.watch = Watch::kNobody;
  run.recording.clear();
  run.perf_command.clear();
  return run;
}

class ExportCommand : public Interruptible {
 protected:
  /// A run directory: an untraced run, TCP with two round trips, UDP with one.
  void make_run() {
    const Variant tcp = variant_of(Protocol::kTcp);
    const Variant udp = variant_of(Protocol::kUdp);
    RunRecord record;
    record.runs = {untraced_run(tcp), traced_run(tcp, 1), traced_run(udp, 2)};
    tree_.file("run/tcp-1.perf.data", recording_of(ping_pong(Protocol::kTcp, 2)).file_form());
    tree_.file("run/udp-2.perf.data", recording_of(ping_pong(Protocol::kUdp, 1)).file_form());
    ASSERT_TRUE(save_run(tree_ / "run", record));
  }

  Result<int> run(Format format, const std::filesystem::path& path, const std::filesystem::path& file) {
    testing::internal::CaptureStderr();
    auto status = run_command(ReportOptions{.path = path, .output = {.format = format, .file = file}}, interrupt());
    talk = testing::internal::GetCapturedStderr();
    return status;
  }

  std::string talk;  // what went to stderr
};

constexpr std::string_view kHeader =
    "variant,round,exchange,direction,protocol,client_tid,server_tid,send_enter_ns,send_ns,device_ns,backlog_ns,"
    "receive_ns,wake_up_ns,deliver_ns,one_way_ns,turn_around_ns,rtt_ns\n";

TEST_F(ExportCommand, WritesTheMessagesOfAllTracedRuns) {
  make_run();
  EXPECT_EQ(run(Format::kCsv, tree_ / "run", tree_ / "messages.csv").value_or(-1), 0);
  EXPECT_EQ(content_of(tree_ / "messages.csv"),
            std::string(kHeader) +
                "tcp,1,1,request,tcp,100,200,1000,300,100,200,200,400,200,1400,,\n"
                "tcp,1,1,response,tcp,100,200,2600,300,150,200,150,400,200,1400,200,3000\n"
                "tcp,1,2,request,tcp,100,200,11000,300,100,200,200,400,200,1400,,\n"
                "tcp,1,2,response,tcp,100,200,12600,300,150,200,150,400,200,1400,200,3000\n"
                "udp,2,1,request,udp,100,200,1000,300,100,200,200,400,200,1400,,\n"
                "udp,2,1,response,udp,100,200,2600,300,150,200,150,400,200,1400,200,3000\n");
  EXPECT_EQ(talk, "");
}

TEST_F(ExportCommand, WritesTheMessagesOfAFileThatNoRunDescribes) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kUdp, 1)).file_form());
  EXPECT_EQ(run(Format::kJsonLines, tree_ / "perf.data", tree_ / "messages.jsonl").value_or(-1), 0);
  const std::string lines = content_of(tree_ / "messages.jsonl");
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
  EXPECT_THAT(lines, HasSubstr(R"({"variant":null,"round":null,"exchange":1,"direction":"request","protocol":"udp",)"));
  EXPECT_THAT(lines, HasSubstr(R"("turn_around_ns":200,"rtt_ns":3000})"));
  EXPECT_EQ(talk, "");
}

TEST_F(ExportCommand, SaysThatThereIsNoMessage) {
  EventLog half;
  half.in(kClientTid).send(1000, kClientFd, 64).exit(2000, 64);
  tree_.file("perf.data", recording_of(half).file_form());
  EXPECT_EQ(run(Format::kCsv, tree_ / "perf.data", tree_ / "messages.csv").value_or(-1), 0);
  EXPECT_EQ(content_of(tree_ / "messages.csv"), kHeader);
  EXPECT_EQ(talk, "sockscope: " + tree_.str() + "/perf.data: no message over TCP or UDP loopback could be followed\n");
}

TEST_F(ExportCommand, SaysWhatIsMissing) {
  auto data = recording_of(ping_pong(Protocol::kTcp, 1));
  data.lost(5, {.id = kSampleId, .time_ns = 50'000});
  const std::string id_without_format("\xff\x03\0\0\0\0\0\0", 8);
  data.sample({.id = kSampleId, .time_ns = 50'000, .raw = id_without_format});
  tree_.file("perf.data", data.file_form());
  EXPECT_EQ(run(Format::kCsv, tree_ / "perf.data", tree_ / "messages.csv").value_or(-1), 0);
  const std::string name = "sockscope: " + tree_.str() + "/perf.data: ";
  EXPECT_EQ(talk, name + "5 events were lost while it was recorded\n" +  //
                      name + "1 events have fields that could not be read\n");
}

TEST_F(ExportCommand, DoesNotWriteOverTheRecording) {
  const std::string content = recording_of(ping_pong(Protocol::kUdp, 1)).file_form();
  tree_.file("perf.data", content);
  const auto status = run(Format::kCsv, tree_ / "perf.data", tree_ / "perf.data");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(status.error().message, tree_.str() + "/perf.data is the recording itself (see sockscope --help)");
  EXPECT_EQ(content_of(tree_ / "perf.data"), content);
}

TEST_F(ExportCommand, DoesNotWriteOverWhatARunLeft) {
  make_run();
  tree_.file("run/kallsyms", "0").file("run/tcp-1.calls.log", "calls");
  for (const char* const name : {"run.json", "udp-2.perf.data", "kallsyms", "tcp-1.calls.log"}) {
    const auto file = tree_ / "run" / name;
    const std::string before = content_of(file);
    for (const Format format : {Format::kTable, Format::kJson, Format::kHtml, Format::kCsv, Format::kFolded}) {
      const auto status = run(format, tree_ / "run", file);
      ASSERT_FALSE(status) << name;
      EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
      EXPECT_EQ(status.error().message,
                file.string() + " is a part of " + tree_.str() + "/run, which is to be read (see sockscope --help)");
      EXPECT_EQ(content_of(file), before);
    }
  }
  EXPECT_EQ(run(Format::kTable, tree_ / "run", tree_ / "run/report.txt").value_or(-1), 0);
}

TEST_F(ExportCommand, DoesNotWriteIntoARecordingThatIsADirectory) {
  tree_.file("ctf/metadata", "/* CTF 1.8 */").file("ctf/channel0_0", "events");
  tree_.file("perf/data", recording_of(ping_pong(Protocol::kTcp, 1)).file_form());
  std::filesystem::create_directory_symlink(tree_ / "ctf", tree_ / "link");
  for (const auto& [path, output] : {std::pair{"ctf", "ctf/channel0_0"},
                                     {"ctf", "link/new"},
                                     {"link", "ctf/metadata"},
                                     {"ctf/", "perf/../ctf/new/deep"},
                                     {"perf", "perf/data"}}) {
    for (const Format format : {Format::kTable, Format::kHtml, Format::kCsv, Format::kCtf}) {
      const auto status = run(format, tree_ / path, tree_ / output);
      ASSERT_FALSE(status);
      EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
      EXPECT_EQ(status.error().message, tree_.str() + "/" + output + " is a part of " + tree_.str() + "/" + path +
                                            ", which is to be read (see sockscope --help)");
    }
  }
  EXPECT_EQ(content_of(tree_ / "ctf/channel0_0"), "events");
  EXPECT_EQ(run(Format::kCsv, tree_ / "perf", tree_ / "perf.csv").value_or(-1), 0);
}

TEST_F(ExportCommand, NamesAFileThatItCannotWrite) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 1)).file_form());
  const auto status = run(Format::kCsv, tree_ / "perf.data", tree_ / "none/messages.csv");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(status.error().message, "cannot write " + tree_.str() + "/none/messages.csv: No such file or directory");
}

TEST_F(ExportCommand, LeavesWhatWasThereWhenARecordingCannotBeRead) {
  tree_.file("text", "not a recording");
  for (const Format format : {Format::kCsv, Format::kJsonLines, Format::kPerfetto, Format::kFolded}) {
    tree_.file("kept", "of yesterday");
    const auto status = run(format, tree_ / "text", tree_ / "kept");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, ErrorKind::kInput);
    EXPECT_EQ(content_of(tree_ / "kept"), "of yesterday");
    EXPECT_FALSE(run(format, tree_ / "text", tree_ / "new"));
    EXPECT_FALSE(std::filesystem::exists(tree_ / "new"));
  }
}

TEST_F(ExportCommand, LeavesNoHalfFileWhenALaterRecordingCannotBeRead) {
  make_run();
  tree_.file("run/udp-2.perf.data", "not a recording");
  for (const Format format : {Format::kCsv, Format::kPerfetto}) {
    const auto status = run(format, tree_ / "run", tree_ / "half");
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr("udp-2.perf.data"));
    EXPECT_FALSE(std::filesystem::exists(tree_ / "half"));
  }
}

TEST_F(ExportCommand, MindsAFullDisk) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 1)).file_form());
  const auto status = run(Format::kCsv, tree_ / "perf.data", "/dev/full");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(status.error().message, "cannot write to /dev/full: No space left on device");
}

bool lacks_library(const Result<int>& status) {
  return !status && status.error().message.contains("built without libbabeltrace2");
}

TEST_F(ExportCommand, MakesACtfTraceOfEachTracedRun) {
  make_run();
  const auto status = run(Format::kCtf, tree_ / "run", tree_ / "ctf");
  if (lacks_library(status)) GTEST_SKIP() << status.error().message;
  EXPECT_EQ(status.value_or(-1), 0);
  for (const char* name : {"tcp-1", "udp-2"}) EXPECT_TRUE(std::filesystem::exists(tree_ / "ctf" / name / "metadata"));
}

TEST_F(ExportCommand, MakesOneCtfTraceOfAFile) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 1)).file_form());
  const auto status = run(Format::kCtf, tree_ / "perf.data", tree_ / "above/ctf");
  if (lacks_library(status)) GTEST_SKIP() << status.error().message;
  EXPECT_EQ(status.value_or(-1), 0);
  EXPECT_TRUE(std::filesystem::exists(tree_ / "above/ctf/metadata"));
}

TEST_F(ExportCommand, NeedsADirectoryForCtf) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 1)).file_form());
  const auto status = run(Format::kCtf, tree_ / "perf.data", "");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(status.error().message, "--format ctf makes a directory: say which with -o DIR (see sockscope --help)");
}

TEST_F(ExportCommand, DoesNotMixACtfTraceWithWhatIsThere) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 1)).file_form());
  const auto status = run(Format::kCtf, tree_ / "perf.data", tree_.path());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(status.error().message,
            tree_.str() + " is there already: --format ctf makes a directory of its own (see sockscope --help)");
}

TEST_F(ExportCommand, NamesADirectoryThatItCannotMake) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 1)).file_form());
  const auto status = run(Format::kCtf, tree_ / "perf.data", tree_ / "perf.data/above/ctf");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(status.error().message, "cannot make " + tree_.str() + "/perf.data/above: Not a directory");
}

TEST_F(ExportCommand, SaysThatThereAreNoCallChains) {
  make_run();
  const auto status = run(Format::kFolded, tree_ / "run", tree_ / "stacks.folded");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInput);
  EXPECT_EQ(
      status.error().message,
      tree_.str() + "/run has no call chains: record it with sockscope record --events stacks, or with perf record -g");
  EXPECT_FALSE(std::filesystem::exists(tree_ / "stacks.folded"));
}

TEST_F(ExportCommand, NamesARecordingThatIsNotThere) {
  make_run();
  std::filesystem::remove(tree_ / "run/udp-2.perf.data");
  const auto status = run(Format::kCsv, tree_ / "run", tree_ / "messages.csv");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInput);
  EXPECT_THAT(status.error().message, HasSubstr("run/udp-2.perf.data"));
}

}  // namespace
}  // namespace sockscope
