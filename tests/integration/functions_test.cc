// `functions` on real traffic: what each protocol is known to run through, and that a protocol has nothing of its own
// against itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/integration/sockscope_program.h"

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using testing::Scratch;
using testing::sockscope;
using Json = nlohmann::ordered_json;

constexpr const char* kMessages = "300";

/// `functions` with these words; its JSON.
Json functions(std::vector<std::string> words) {
  words.insert(words.begin(), "functions");
  words.insert(words.end(), {"--format", "json"});
  const testing::Finished finished = sockscope(words);
  EXPECT_EQ(finished.status, 0) << finished.err;
  return Json::parse(finished.out, nullptr, false);
}

std::vector<std::string> names_in(const Json& report, const char* list) {
  std::vector<std::string> names;
  for (const Json& function : report.at(list)) names.push_back(function.at("function"));
  return names;
}

class Functions : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_TRACING(); }
  Scratch scratch;
};

TEST_F(Functions, OfTcpAndUdpAreThoseOfTheLab) {
  const std::string run = scratch / "run";
  const Json report = functions({"--count", kMessages, "--rounds", "4", "--keep", run});
  EXPECT_EQ(report.at("schema"), "sockscope.functions/1");
  EXPECT_TRUE(report.at("data_quality").at("complete")) << report.at("data_quality").dump();
  EXPECT_EQ(report.at("a").at("messages"), 4 * 300);
  EXPECT_EQ(report.at("b").at("messages"), 4 * 300);
  EXPECT_THAT(names_in(report, "only_in_a"),
              IsSupersetOf({"tcp_sendmsg_locked", "tcp_write_xmit", "__tcp_transmit_skb", "tcp_rcv_established",
                            "tcp_ack", "__tcp_send_ack", "tcp_recvmsg"}));
  EXPECT_THAT(names_in(report, "only_in_b"),
              IsSupersetOf({"udp_sendmsg", "ip_make_skb", "udp_send_skb", "udp_queue_rcv_one_skb",
                            "__udp_enqueue_schedule_skb", "udp_recvmsg"}));
  EXPECT_THAT(names_in(report, "in_both"),
              IsSupersetOf({"do_syscall_64", "ip_output", "__dev_queue_xmit", "loopback_xmit", "process_backlog"}));
  for (const char* const list : {"only_in_a", "only_in_b", "in_both"}) {
    EXPECT_THAT(names_in(report, list), Each(AllOf(Not(HasSubstr("perf_trace")), Not(HasSubstr("__traceiter")))));
  }
  EXPECT_GE(report.at("left_out").at("tracing").at("functions"), 1);

  // From what was kept, number for number.
  EXPECT_EQ(functions({run}), report);
  const testing::Finished events = sockscope({"events", run});
  EXPECT_EQ(events.status, 4);
  EXPECT_EQ(events.err,
            "sockscope: " + run + " has 8 recordings, and events prints one: " + run + "/tcp-1.perf.data, say\n");
  // Twice a packet over TCP, data and its acknowledgement, and one over UDP, each once queued.
  const testing::Finished folded = sockscope({"functions", run, "--format", "folded"});
  ASSERT_EQ(folded.status, 0) << folded.err;
  EXPECT_THAT(folded.out, AllOf(HasSubstr("message-client;[user];"), HasSubstr(";tcp_sendmsg;"),
                                HasSubstr(";__udp_enqueue_schedule_skb;sock_def_readable;sock:sk_data_ready 0 ")));
}

TEST_F(Functions, OfAVariantAgainstItselfAreNotTold) {
  const Json report = functions({"--a", "tcp", "--b", "tcp", "--count", kMessages, "--rounds", "6"});
  EXPECT_THAT(names_in(report, "only_in_a"), IsEmpty());
  EXPECT_THAT(names_in(report, "only_in_b"), IsEmpty());
  EXPECT_THAT(names_in(report, "in_both"), Contains("tcp_ack"));
  for (const Json& function : report.at("in_both")) EXPECT_FALSE(function.at("differs")) << function.dump();
}

// In a ping-pong the acknowledgement rides on the answer.
TEST_F(Functions, OfRoundTripsSendNoAcknowledgement) {
  const Json report = functions({"--workload", "echo", "--count", kMessages, "--rounds", "3"});
  EXPECT_EQ(report.at("unit"), "round trip");
  EXPECT_THAT(names_in(report, "only_in_a"), AllOf(Contains("tcp_ack"), Not(Contains("__tcp_send_ack"))));
}

/// With as many frames as a kernel has.
TEST_F(Functions, AreAPageThatABrowserShows) {
  namespace fs = std::filesystem;
  if (!fs::exists(fs::path(BROWSER_MODULES) / "node_modules/playwright-core") || !fs::exists("/usr/bin/chromium")) {
    GTEST_SKIP() << "no chromium, or no playwright-core: make -f Makefile.perf setup-test";
  }
  const std::string run = scratch / "run";
  functions({"--count", "100", "--rounds", "3", "--keep", run});
  const fs::path folder = SCREENSHOTS;
  fs::create_directories(folder);
  const testing::Finished page = sockscope({"functions", run, "--format", "html", "-o", folder / "page.html"});
  ASSERT_EQ(page.status, 0) << page.err;
  const testing::Finished shown = testing::run(
      {"node", FUNCTIONS_PAGE_TEST, BROWSER_MODULES, folder, folder / "page.html", run + "/functions.json"});
  EXPECT_EQ(shown.status, 0) << shown.out << shown.err << "see " << folder;
}

}  // namespace
}  // namespace sockscope
