#include "report/export/thread_states.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/analysis/ping_pong.h"
#include "tests/harness/recording.h"
#include "tests/report/export/perfetto_text.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;

constexpr std::int32_t kIdle = 0;

/// The states that are told of a recording.
std::vector<std::string> states_of(const EventLog& log) {
  const std::string file = recording_of(log).file_form();
  const auto reader = perf_data::Reader::read(std::as_bytes(std::span(file)), "recording");
  EXPECT_TRUE(reader);
  const auto catalog = tracepoint::Catalog::from(*reader->tracing_data());
  EXPECT_TRUE(catalog);
  std::string bytes;
  PerfettoPackets packets([&bytes](std::string_view more) { bytes += more; });
  PerfettoThreads threads(packets);
  write_thread_states(*reader, *catalog, threads, packets);
  packets.flush();
  std::vector<std::string> states = perfetto_lines(bytes);
  std::erase_if(states, [](const std::string& line) { return !line.contains("state of"); });
  return states;
}

TEST(ThreadStates, AreToldOfBothSidesOfASwitch) {
  EventLog log;
  log.in(100).switch_to(1000, 200).switch_to(2000, 100, true);
  EXPECT_THAT(states_of(log), ElementsAre("1000 state of 100 on CPU 0: 4", "1000 state of 200 on CPU 0: 3",
                                          "2000 state of 200 on CPU 0: 2", "2000 state of 100 on CPU 0: 3"));
}

TEST(ThreadStates, AreNotToldOfTheIdleTask) {
  EventLog log;
  log.in(100).switch_to(1000, kIdle).switch_to(2000, 100);
  EXPECT_THAT(states_of(log), ElementsAre("1000 state of 100 on CPU 0: 4", "2000 state of 100 on CPU 0: 3"));
}

TEST(ThreadStates, TellOnceThatSomebodyIsWoken) {
  EventLog log;
  log.in(100).switch_to(1000, 200).waking(1500, 100).waking(1600, 100).switch_to(2000, 100);
  EXPECT_THAT(states_of(log), ElementsAre("1000 state of 100 on CPU 0: 4", "1000 state of 200 on CPU 0: 3",
                                          "1500 state of 100 on CPU 0: 2", "2000 state of 200 on CPU 0: 4",
                                          "2000 state of 100 on CPU 0: 3"));
}

TEST(ThreadStates, DoNotTakeAWokenThreadOffItsCpu) {
  EventLog log;
  log.in(100).switch_to(1000, 200).waking(1500, 200);
  EXPECT_THAT(states_of(log), ElementsAre("1000 state of 100 on CPU 0: 4", "1000 state of 200 on CPU 0: 3"));
}

TEST(ThreadStates, ComeFromARecordWhereTheTracepointMissedTheSwitch) {
  EventLog log;
  log.in(100).switch_to(1000, 200).in(100).switch_in(2000).in(200).switch_to(3000, 100);
  EXPECT_THAT(states_of(log), ElementsAre("1000 state of 100 on CPU 0: 4", "1000 state of 200 on CPU 0: 3",
                                          "2000 state of 100 on CPU 0: 3", "3000 state of 200 on CPU 0: 4"));
}

}  // namespace
}  // namespace sockscope
