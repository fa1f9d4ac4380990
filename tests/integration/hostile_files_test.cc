#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/sockscope_program.h"

// What `sockscope report` says of files that somebody else wrote, perhaps to do harm.
namespace sockscope {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int kUnreadable = 4;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  ASSERT_EQ(from.size(), to.size()) << "the bytes of a recording stay where they are";
  ASSERT_TRUE(text.contains(from)) << from;
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, to.size(), to);
  }
}

bool steers_no_terminal(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

void expect_one_sentence(const testing::Finished& finished, const fs::path& file) {
  EXPECT_EQ(finished.status, kUnreadable);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, AllOf(StartsWith("sockscope: " + file.string() + ": "), EndsWith("\n")));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
}

class HostileRecording : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string recording = content_of(fs::path(DATA_FOLDER) / "tcp-one-cpu" / "tcp-1.perf.data");
    replace_all(recording, "echo-client", "\x1b]0;owned\x07\x9b");
    replace_all(recording, "AMD EPYC", "\x1b[2J\r\xc2\x9b\x7f");
    replace_all(recording, "6.18.44-fc-v669", "\x1b[31m\nFAKE LINE");
    std::ofstream(path_, std::ios::binary) << recording;
  }

  testing::Scratch scratch_;
  fs::path path_ = scratch_ / "hostile.perf.data";
};

TEST_F(HostileRecording, NothingInATableSteersTheTerminal) {
  const auto report = testing::sockscope({"report", path_.string()});
  EXPECT_EQ(report.status, 0) << report.err;
  EXPECT_TRUE(steers_no_terminal(report.out)) << report.out;
  EXPECT_THAT(report.out, HasSubstr("  command                        \\x1b]0;owned\\..  echo-server\n"));
  EXPECT_THAT(report.out, HasSubstr("kernel: \\x1b[31m\\x0aFAKE LINE | "));
  EXPECT_THAT(report.out, HasSubstr("cpu: \\x1b[2J\\x0d\\xc2\\x9b\\x7f"));
}

TEST_F(HostileRecording, NothingInJsonSteersTheTerminal) {
  const auto report = testing::sockscope({"report", "--format", "json", path_.string()});
  EXPECT_EQ(report.status, 0) << report.err;
  EXPECT_TRUE(steers_no_terminal(report.out));
  EXPECT_THAT(report.out, HasSubstr(R"("comm": "\u001b]0;owned\u0007\ufffd")"));
  EXPECT_THAT(report.out, HasSubstr(R"("cpu": "\u001b[2J\r\u009b\u007f")"));
}

TEST(HostileFiles, AnErrorThatQuotesSteersNoTerminal) {
  const testing::Scratch scratch;
  const fs::path recording = scratch / "\x1b[2Jx";
  std::ofstream(recording) << "no recording";
  const auto report = testing::sockscope({"report", recording.string()});
  EXPECT_EQ(report.status, kUnreadable);
  EXPECT_THAT(report.err, HasSubstr("\\x1b[2Jx: not a perf.data file"));
  EXPECT_TRUE(steers_no_terminal(report.err));

  const fs::path run = scratch / "run";
  fs::create_directory(run);
  std::string json = content_of(fs::path(DATA_FOLDER) / "tcp-one-cpu" / "run.json");
  const std::string name = R"("tcp-1.perf.data")";
  json.replace(json.find(name), name.size(), R"("/\u001b]0;own\u0007")");
  std::ofstream(run / "run.json") << json;
  const auto of_run = testing::sockscope({"report", run.string()});
  EXPECT_EQ(of_run.status, kUnreadable);
  EXPECT_THAT(of_run.err, HasSubstr("\"/\\x1b]0;own\\x07\" is not the name of a recording"));
  EXPECT_TRUE(steers_no_terminal(of_run.err));
}

// Inputs that have crashed perf or another reader of perf.data; none of them holds a recording.
TEST(HostileFiles, WhatCrashedOtherReadersEndsInOneSentence) {
  const fs::path folder = fs::path(SOCKSCOPE_FIXTURES) / "google";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there: set SOCKSCOPE_FIXTURES";
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with("corpus__")) continue;
    SCOPED_TRACE(entry.path());
    expect_one_sentence(testing::sockscope({"report", entry.path().string()}), entry.path());
    ++count;
  }
  EXPECT_EQ(count, 8U);
}

}  // namespace
}  // namespace sockscope
