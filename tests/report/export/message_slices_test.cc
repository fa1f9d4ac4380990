#include "report/export/message_slices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/report/export/perfetto_text.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;

MessagePath path_from(std::uint64_t ns) {
  return {.enter_ns = ns,
          .queue_ns = ns + 300,
          .rx_ns = ns + 400,
          .receive_ns = ns + 600,
          .ready_ns = ns + 700,
          .waking_ns = 0,
          .switch_ns = 0,
          .exit_ns = ns + 1400};
}

Exchange message_from(std::uint64_t ns) {
  return {.protocol = Protocol::kTcp,
          .client_tid = 100,
          .server_tid = 200,
          .request = path_from(ns),
          .response = std::nullopt};
}

class MessageSlicesTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> lines() {
    packets.flush();
    return perfetto_lines(bytes);
  }

  std::string bytes;
  PerfettoPackets packets{[this](std::string_view more) { bytes += more; }};
  PerfettoThreads threads{packets};
  MessageSlices slices{packets, threads};
};

TEST_F(MessageSlicesTest, AreTwoHalvesOfAMessageWithItsStagesAndAnArrow) {
  threads.begin("tcp, round 1");
  threads.see(90, 100, [] { return "client"; });
  threads.see(90, 100, [] { return "once"; });
  threads.see(200, 200, [] { return "ser\x1bver"; });
  slices.begin();
  slices.write(message_from(1000));
  EXPECT_THAT(lines(), ElementsAre("process 90 client (tcp, round 1)", "thread 2 90/100 client",
                                   "process 200 ser\\x1bver (tcp, round 1)", "thread 4 200/200 ser\\x1bver",  //
                                   "track 5 below 2 messages", "1000 begin send request on 5, arrow 1",
                                   "1000 begin send on 5", "1300 end on 5", "1300 begin device on 5", "1400 end on 5",
                                   "1400 begin backlog on 5", "1600 end on 5", "1600 end on 5",  //
                                   "track 6 below 4 messages", "1600 begin receive request on 6, arrow 1",
                                   "1600 begin receive on 6", "1700 end on 6", "1700 begin deliver on 6",
                                   "2400 end on 6", "2400 end on 6"));
  EXPECT_EQ(slices.count(), 1U);
}

std::vector<std::string> halves_of(const std::vector<std::string>& lines) {
  std::vector<std::string> halves;
  for (const std::string& line : lines) {
    if (line.contains("request on") || line.starts_with("track")) halves.push_back(line);
  }
  return halves;
}

TEST_F(MessageSlicesTest, LieOnTracksOfTheirOwnWhereMessagesOverlap) {
  slices.begin();
  slices.write(message_from(1000));  // sent until 1600, received until 2400
  slices.write(message_from(1500));  // 2100, 2900: both halves overlap the first's
  slices.write(message_from(2400));  // after both were sent; received from 3000 on
  EXPECT_THAT(halves_of(lines()),
              ElementsAre("track 1 below 0 messages", "1000 begin send request on 1, arrow 1",     //
                          "track 2 below 0 messages", "1600 begin receive request on 2, arrow 1",  //
                          "track 3 below 0 messages", "1500 begin send request on 3, arrow 2",     //
                          "track 4 below 0 messages", "2100 begin receive request on 4, arrow 2",  //
                          "2400 begin send request on 1, arrow 3", "3000 begin receive request on 2, arrow 3"));
}

}  // namespace
}  // namespace sockscope
