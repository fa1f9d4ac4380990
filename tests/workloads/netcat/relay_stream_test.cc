#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "tests/workloads/netcat/relay_session.h"

namespace sockscope::netcat {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kAWhile{60};

/// Bytes of which no stretch looks like another.
std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>((i * 2'654'435'761U) >> 13U);
  return text;
}

TEST(RelayStream, CopiesBothWaysAtOnce) {
  RelaySession session({});
  session.type("salam\n");
  EXPECT_EQ(session.peer_receives(6), "salam\n");
  session.peer_sends("hello\n");
  EXPECT_EQ(session.shown(6), "hello\n");
  session.type("again\n");
  EXPECT_EQ(session.peer_receives(6), "again\n");
}

TEST(RelayStream, DoesNotTellThePeerThatTheInputHasEnded) {
  RelaySession session({});
  session.type("last");
  session.end_input();
  EXPECT_EQ(session.peer_receives(4), "last");
  EXPECT_TRUE(session.peer_hears_nothing_for(kAWhile));
  session.peer_sends("answer");
  EXPECT_EQ(session.shown(6), "answer");
  session.peer_closes();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
}

TEST(RelayStream, TellsItWithShutDownAndStillTakesTheAnswer) {
  RelaySession session({.shut_down_at_input_end = true});
  session.type("last");
  session.end_input();
  EXPECT_EQ(session.peer_receives(4), "last");
  EXPECT_EQ(session.peer_receives(), "");
  session.peer_sends("late answer");
  EXPECT_EQ(session.shown(11), "late answer");
  session.peer_closes();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
}

TEST(RelayStream, LeavesAtTheEndOfTheInputWhenToldSo) {
  RelaySession session({.shut_down_at_input_end = true, .leave_at_input_end = true});
  session.type("last");
  EXPECT_EQ(session.peer_receives(4), "last");
  EXPECT_TRUE(session.runs_for(kAWhile));
  session.end_input();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
}

TEST(RelayStream, AClientGoesOnSendingWhenThePeerHasEnded) {
  RelaySession session({});
  session.peer_sends("bye");
  session.peer_shuts_down();
  EXPECT_EQ(session.shown(3), "bye");
  EXPECT_TRUE(session.runs_for(kAWhile));
  session.type("still here");
  EXPECT_EQ(session.peer_receives(10), "still here");
  session.end_input();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
}

TEST(RelayStream, AServerEndsWithItsPeerThoughTheInputIsOpen) {
  RelaySession session({.serve = true});
  session.peer_sends("bye");
  session.peer_shuts_down();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
  EXPECT_EQ(session.all_shown(), "bye");
}

TEST(RelayStream, KeepsEveryByteWhenTheReadersAreSlow) {
  const std::string there = pattern(2'000'000);
  const std::string back = pattern(1'500'001);
  RelaySession session({.shut_down_at_input_end = true});
  std::thread typist([&] {
    session.type(there);
    session.end_input();
  });
  std::string received;
  std::size_t sent = 0;
  std::string shown;
  // In small pieces and by turns, so that both buffers are full most of the time and every write is cut short.
  while (received.size() < there.size() || shown.size() < back.size()) {
    const std::size_t size = std::min<std::size_t>(7'777, back.size() - sent);
    if (size > 0) session.peer_sends(back.substr(sent, size));
    sent += size;
    shown += session.shown(std::min(size, back.size() - shown.size()));
    received += session.peer_receives(std::min<std::size_t>(9'999, there.size() - received.size()));
  }
  typist.join();
  EXPECT_TRUE(received == there);
  EXPECT_TRUE(shown == back);
  EXPECT_EQ(session.peer_receives(), "");
}

TEST(RelayStream, LeavesTheInputAloneWhenDetached) {
  RelaySession session({.read_input = false});
  session.type("for somebody else");
  session.peer_sends("news");
  EXPECT_EQ(session.shown(4), "news");
  EXPECT_TRUE(session.peer_hears_nothing_for(kAWhile));
  EXPECT_EQ(session.unread_input(), 17);
  session.peer_closes();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
}

TEST(RelayStream, GivesUpWhenNothingHappens) {
  const auto start = Clock::now();
  RelaySession session({.idle_timeout = std::chrono::seconds{1}});
  std::this_thread::sleep_for(milliseconds{500});
  session.peer_sends("x");  // The second starts anew.
  EXPECT_EQ(session.shown(1), "x");
  EXPECT_EQ(session.end(), RelayEnd::kIdle);
  EXPECT_GE(Clock::now() - start, milliseconds{1'500});
  EXPECT_LT(Clock::now() - start, milliseconds{4'500});
}

TEST(RelayStream, RestsBehindEachLine) {
  RelaySession session({.line_interval = std::chrono::seconds{1}});
  session.type("one\ntwo");
  EXPECT_EQ(session.peer_receives(), "one\n");
  const auto first = Clock::now();
  EXPECT_EQ(session.peer_receives(), "two");  // No line as yet, yet what is there goes.
  EXPECT_GE(Clock::now() - first, milliseconds{950});
}

TEST(RelayStream, StopsReceivingWhenNobodyLooks) {
  RelaySession session({});
  session.stop_looking();
  EXPECT_TRUE(session.runs_for(kAWhile));
  session.type("it goes on sending");
  EXPECT_EQ(session.peer_receives(18), "it goes on sending");
  session.end_input();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
}

TEST(RelayStream, EndsWhenNobodyLooksAndTheInputHasEnded) {
  RelaySession session({});
  session.end_input();
  EXPECT_TRUE(session.runs_for(kAWhile));
  session.stop_looking();
  EXPECT_EQ(session.end(), RelayEnd::kDone);
}

TEST(RelayStream, EndsWhenThePeerIsGoneWholly) {
  RelaySession session({});
  session.peer_sends("last words");
  session.peer_closes();
  EXPECT_EQ(session.end(), RelayEnd::kDone);  // The input is open: nobody is there to send it to.
  EXPECT_EQ(session.all_shown(), "last words");
}

TEST(RelayStream, RefusesTelnetOptionsAndShowsThemAll) {
  RelaySession session({.refuse_telnet_options = true});
  const std::string request("login: \xff\xfd\x18", 10);
  session.peer_sends(request);
  EXPECT_EQ(session.shown(10), request);
  EXPECT_EQ(session.peer_receives(), "\xff\xfc\x18");
  session.end_input();
  session.peer_sends("\xff\xfb\x01");  // Answered though the input has ended, as nothing was shut down.
  EXPECT_EQ(session.peer_receives(), "\xff\xfe\x01");
}

TEST(RelayStream, PassesTelnetRequestsOnUnansweredWithoutTheOption) {
  RelaySession session({});
  session.peer_sends("\xff\xfd\x18");
  EXPECT_EQ(session.shown(3), "\xff\xfd\x18");
  EXPECT_TRUE(session.peer_hears_nothing_for(kAWhile));
}

}  // namespace
}  // namespace sockscope::netcat
