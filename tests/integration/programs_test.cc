#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/integration/recorded_programs.h"

/// Anyone's own programs: those whose sockets are hard to find, and those that fail.
namespace sockscope {
namespace {

using ::testing::EndsWith;
using testing::expect_laws;
using testing::Finished;
using testing::free_port;
using testing::Json;
using testing::report_of;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// How many processes have a command line that begins so.
int running(const std::string& command_line) {
  int count = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    std::string words(std::istreambuf_iterator<char>(file), {});
    std::ranges::replace(words, '\0', ' ');
    if (words.starts_with(command_line + " ")) ++count;
  }
  return count;
}

using Programs = testing::RecordedPrograms;

TEST_F(Programs, WithBothEndsAndThreadsAndChildrenAndDuplicatesAreFollowed) {
  for (const std::string version : {"4", "6"}) {
    const auto to = directory("ipv" + version);
    const auto finished = testing::sockscope({"record", to.string(), "--", "python3", "-I", BOTH_ENDS, version});
    ASSERT_EQ(finished.status, 0) << finished.err;
    const Json report = report_of(to);
    for (const auto& [protocol, round_trips] : {std::pair{"tcp", 40}, std::pair{"udp", 20}}) {
      const Json& part = report.at("protocols").at(protocol);
      EXPECT_EQ(part.at("totals").at("round_trips"), round_trips) << protocol << version;
      EXPECT_EQ(part.at("traced").at("messages"), 2 * round_trips) << protocol << version;
      EXPECT_EQ(part.at("traced").at("matched"), 2 * round_trips) << protocol << version;
      EXPECT_EQ(part.at("stages").size(), 13U);
    }
    // Two connections of 10 changes each, and the listener's two.
    EXPECT_EQ(report.at("protocols").at("tcp").at("totals").at("socket_state_changes"), 22);
    EXPECT_EQ(report.at("protocols").at("tcp").at("totals").at("sockets"), 5);
    EXPECT_EQ(report.at("protocols").at("udp").at("totals").at("skbs"), 40);
    EXPECT_EQ(report.at("protocols").at("udp").at("totals").at("sockets"), 2);
    EXPECT_EQ(report.at("data_quality").at("unmatched_messages"), 0);
    expect_laws(report);
  }
}

TEST_F(Programs, GoToADirectoryOfTheirOwnWithoutDir) {
  std::filesystem::create_directory(directory());
  const auto finished = testing::run(
      {"env", "-C", directory().string(), SOCKSCOPE_PROGRAM, "record", "--", "python3", "-I", BOTH_ENDS, "4"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  std::vector<std::filesystem::path> made;
  for (const auto& entry : std::filesystem::directory_iterator(directory() / "results")) made.push_back(entry.path());
  ASSERT_THAT(made, SizeIs(1));
  EXPECT_THAT(made[0].filename().string(), StartsWith("run-20"));
  EXPECT_TRUE(std::filesystem::exists(made[0] / "programs.perf.data"));
}

TEST_F(Programs, HaveOurInput) {
  const auto finished =
      testing::run({"sh", "-c", "echo salam | " SOCKSCOPE_PROGRAM " record " + directory().string() + " -- cat"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, StartsWith("salam\n"));
}

/// Ends with 3, and with our sentence last: what the programs said before is theirs. Nothing is left.
void expect_failure(const Finished& finished, const std::string& sentence) {
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, EndsWith("sockscope: " + sentence + "\n"));
}

TEST_F(Programs, ThatAreNotThereAreNamed) {
  expect_failure(testing::sockscope({"record", directory().string(), "--", "/nonexistent/program", "-x"}),
                 "cannot start the program (/nonexistent/program -x): No such file or directory");
  expect_failure(record("/nonexistent/server", "true"),
                 "the server (/nonexistent/server) ended with status 127 before it listened");
  const std::string server = "nc.openbsd -l 127.0.0.1 " + free_port();
  expect_failure(record(server, "/nonexistent/client"),
                 "cannot start the client (/nonexistent/client): its shell found no such command");
  EXPECT_FALSE(std::filesystem::exists(directory()));
}

TEST_F(Programs, OfAServerThatNeverListensAreGivenUp) {
  expect_failure(record("sleep 4711", "true"),
                 "the server (sleep 4711) did not listen on a TCP or UDP port within 5 s");
  EXPECT_FALSE(std::filesystem::exists(directory()));
  EXPECT_EQ(running("sleep 4711"), 0);
}

// The shell is gone as soon as it gets SIGTERM. What it runs has its time, and is recorded: a last word over UDP.
TEST_F(Programs, OfAServerTidyUpBeforeTheRecordingEnds) {
  const auto finished = record(fmt::format("(trap 'sleep 0.5; echo bye | nc.openbsd -u -q 0 127.0.0.1 {0}' TERM;"
                                           " nc.openbsd -lk 127.0.0.1 {0}); true",
                                           free_port()),
                               "true");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(report_of(directory()).at("protocols").at("udp").at("traced").at("messages"), 1);
}

TEST_F(Programs, ThatFailAreRecordedAllTheSame) {
  const std::string port = free_port();
  const std::string client = "nc.openbsd 127.0.0.1 " + free_port();
  expect_failure(record("nc.openbsd -l 127.0.0.1 " + port, client),
                 "the client (" + client + ") ended with status 1; what it did until then is in: sockscope report " +
                     directory().string());
  const Json report = report_of(directory());
  EXPECT_EQ(report.at("programs").at(1).at("status"), 1);
  // SYN and RST; the listener's two changes, and the client's to SYN_SENT and back.
  EXPECT_EQ(report.at("protocols").at("tcp").at("totals").at("skbs"), 2);
  EXPECT_EQ(report.at("protocols").at("tcp").at("totals").at("socket_state_changes"), 4);
  EXPECT_EQ(report.at("protocols").at("tcp").at("traced").at("messages"), 0);
}

TEST_F(Programs, LeaveNothingRunningWhenInterrupted) {
  const std::string port = free_port();
  const std::string sleep = "sleep 47" + port;
  auto child = testing::start_sockscope({"record", "--server", "nc.openbsd -l 127.0.0.1 " + port, "--client",
                                         "(setsid " + sleep + " & " + sleep + ") | nc.openbsd 127.0.0.1 " + port,
                                         directory().string()});
  for (int tries = 0; tries < 400 && running("nc.openbsd 127.0.0.1 " + port) == 0; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  EXPECT_EQ(running("nc.openbsd 127.0.0.1 " + port), 1);
  child.send_signal(SIGINT);
  const auto status = child.wait({.timeout = std::chrono::seconds{20}});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 130);
  EXPECT_EQ(running(sleep), 0);
  EXPECT_EQ(running("nc.openbsd 127.0.0.1 " + port), 0);
  EXPECT_EQ(running("nc.openbsd -l 127.0.0.1 " + port), 0);
  EXPECT_FALSE(std::filesystem::exists(directory()));
}

}  // namespace
}  // namespace sockscope
