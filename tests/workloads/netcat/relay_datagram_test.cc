#include <gtest/gtest.h>

#include <string>

#include "tests/workloads/netcat/relay_session.h"

namespace sockscope::netcat {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAWhile{60};

RelayOptions udp(RelayOptions options = {}) {
  options.protocol = Protocol::kUdp;
  return options;
}

TEST(RelayDatagram, SendsWhatOneReadBringsAsOneDatagram) {
  RelaySession session(udp());
  session.type("one\n");
  EXPECT_EQ(session.peer_receives(), "one\n");
  session.type("two\nthree\n");
  EXPECT_EQ(session.peer_receives(), "two\nthree\n");
}

TEST(RelayDatagram, CutsBulkInputIntoDatagramsOf16384Bytes) {
  RelaySession session(udp());
  session.type(std::string(40'000, 'x'));
  EXPECT_EQ(session.peer_receives().size(), 16'384U);
  EXPECT_EQ(session.peer_receives().size(), 16'384U);
  EXPECT_EQ(session.peer_receives().size(), 7'232U);
}

TEST(RelayDatagram, SendsALineADatagramWhenItRestsBetweenThem) {
  RelaySession session(udp({.line_interval = std::chrono::seconds{1}}));
  session.type("one\ntwo\n");
  EXPECT_EQ(session.peer_receives(), "one\n");
  EXPECT_EQ(session.peer_receives(), "two\n");
}

TEST(RelayDatagram, ShowsTheLargestDatagramWhole) {
  RelaySession session(udp());
  const std::string large = std::string(65'506, 'a') + "z";
  session.peer_sends("small");
  session.peer_sends(large);
  EXPECT_EQ(session.shown(5), "small");
  EXPECT_TRUE(session.shown(large.size()) == large);
}

TEST(RelayDatagram, ShowsOneWholeThoughTheOneBeforeStillWaits) {
  RelaySession session(udp());
  const std::string first(40'000, 'a');
  const std::string second(40'000, 'b');
  session.peer_sends(first);
  session.peer_sends(second);
  session.peer_sends(first);
  EXPECT_TRUE(session.shown(120'000) == first + second + first);
}

TEST(RelayDatagram, AnEmptyOneEndsAServer) {
  RelaySession session(udp({.serve = true}));
  session.peer_sends("last");
  session.peer_sends("");
  EXPECT_EQ(session.end(), RelayEnd::kDone);
  EXPECT_EQ(session.all_shown(), "last");
}

TEST(RelayDatagram, AnEmptyOneIsAnEndToAClientThatGoesOnSending) {
  RelaySession session(udp());
  session.peer_sends("");
  EXPECT_TRUE(session.runs_for(kAWhile));
  session.type("more");
  EXPECT_EQ(session.peer_receives(), "more");
  session.end_input();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
}

TEST(RelayDatagram, AnEmptyOneIsNothingToAServerOfAll) {
  RelaySession session(udp({.serve = true, .empty_datagram_ends = false}));
  session.peer_sends("");
  session.peer_sends("next");
  EXPECT_EQ(session.shown(4), "next");
  EXPECT_TRUE(session.runs_for(kAWhile));
}

TEST(RelayDatagram, WaitsForAnswersForEverAfterTheInputHasEnded) {
  RelaySession session(udp({.shut_down_at_input_end = true}));
  session.type("question");
  session.end_input();
  EXPECT_EQ(session.peer_receives(), "question");
  EXPECT_TRUE(session.runs_for(kAWhile));
}

TEST(RelayDatagram, LeavesAtTheEndOfTheInputWhenToldSo) {
  RelaySession session(udp({.shut_down_at_input_end = true, .leave_at_input_end = true}));
  session.type("question");
  session.end_input();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
  EXPECT_EQ(session.peer_receives(), "question");
}

}  // namespace
}  // namespace sockscope::netcat
