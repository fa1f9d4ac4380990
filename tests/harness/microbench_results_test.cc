#include "harness/microbench_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kResults = R"({"context": {}, "benchmarks": [
  {"run_name": "round_trip/tcp/64/processes", "run_type": "iteration", "real_time": 6000, "units": 1, "syscalls": 4.0,
   "context_switches": 2.01},
  {"run_name": "round_trip/tcp/64/processes", "run_type": "iteration", "real_time": 6200, "units": 1, "syscalls": 4.0,
   "context_switches": 2.0},
  {"run_name": "round_trip/tcp/64/processes", "run_type": "aggregate", "aggregate_name": "cv", "real_time": 0.02,
   "syscalls": 0.0, "skbs": NaN, "softirqs": -Infinity},
  {"run_name": "round_trip/eventfd/8/processes", "run_type": "iteration", "real_time": 2000, "units": 1},
  {"run_name": "round_trip/eventfd/8/processes", "run_type": "iteration", "real_time": 2100, "units": 1},
  {"run_name": "sendmmsg_8/udp/64/manual_time", "run_type": "iteration", "real_time": 8000, "units": 8, "skbs": 1.0},
  {"run_name": "io_uring/tcp/64/thread", "run_type": "iteration", "error_occurred": true,
   "error_message": "skipped: io_uring cannot be used here"}]})";

Result<GateMeasurement> read(std::string_view text) {
  TempTree tree;
  tree.file("bench.json", text);
  return read_microbench(tree / "bench.json");
}

TEST(MicrobenchResults, AreCountsAndTimesOverTheFloor) {
  const auto measurement = read(kResults);
  ASSERT_TRUE(measurement) << measurement.error().message;
  ASSERT_THAT(measurement->figures, SizeIs(4));
  EXPECT_EQ(measurement->figures[0].name, "round_trip/tcp/64/processes.syscalls");
  EXPECT_EQ(measurement->figures[0].figure_class, FigureClass::kCount);
  EXPECT_THAT(measurement->figures[0].runs, ElementsAre(4.0, 4.0)) << "an aggregate is no run";
  EXPECT_EQ(measurement->figures[1].name, "round_trip/tcp/64/processes.context_switches");
  EXPECT_EQ(measurement->figures[2].name, "sendmmsg_8/udp/64.skbs") << "as we named it";
  EXPECT_EQ(measurement->figures[3].name, "round_trip/tcp/64/processes/floor");
  EXPECT_EQ(measurement->figures[3].figure_class, FigureClass::kTime);
  EXPECT_THAT(measurement->figures[3].runs, ElementsAre(6000, 6200));
  EXPECT_THAT(measurement->figures[3].bases, ElementsAre(2000, 2100));
}

TEST(MicrobenchResults, OfNothingAreAnError) {
  for (const auto& [text, part] : {std::pair{"", "is no JSON"},
                                   {"{}", "is not what socket_bench writes"},
                                   {R"({"benchmarks": [{}]})", "is not what socket_bench writes"},
                                   {R"({"benchmarks": []})", "holds no result"}}) {
    const auto measurement = read(text);
    ASSERT_FALSE(measurement) << text;
    EXPECT_EQ(measurement.error().kind, ErrorKind::kInput);
    EXPECT_THAT(measurement.error().message, HasSubstr(part));
  }
  EXPECT_THAT(read_microbench("/nonexistent").error().message, HasSubstr("cannot read /nonexistent"));
}

}  // namespace
}  // namespace sockscope
