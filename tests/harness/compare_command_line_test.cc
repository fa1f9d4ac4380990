#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/harness/parsed_words.h"

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(CompareCommand, HasItsDefaults) {
  const auto options = parsed<CompareOptions>({"compare"});
  EXPECT_EQ(options.measure.size, 64U);
  EXPECT_EQ(options.measure.count, std::nullopt);
  EXPECT_EQ(options.measure.duration_s, std::nullopt);
  EXPECT_EQ(options.measure.rounds, std::nullopt);
  EXPECT_EQ(options.measure.warm_up, 1'000U);
  EXPECT_EQ(options.measure.cpus, "");
  EXPECT_EQ(options.measure.port, 0);
  EXPECT_EQ(options.measure.timeout_ms, 1'000U);
  EXPECT_FALSE(options.measure.quick);
  EXPECT_FALSE(options.measure.untraced);
  EXPECT_EQ(options.output.format, Format::kTable);
  EXPECT_EQ(options.output.file, "");
  EXPECT_EQ(options.keep, "");
}

TEST(CompareCommand, TakesEveryOption) {
  const auto options = parsed<CompareOptions>(
      {"compare",    "--workload", "echo",   "--size", "1400",        "--count", "77",       "--warm-up", "5",
       "--cpus",     "0,1",        "--port", "5000",   "--timeout",   "250",     "--rounds", "3",         "--quick",
       "--untraced", "--format",   "json",   "-o",     "report.json", "--keep",  "runs/one"});
  EXPECT_EQ(options.measure.size, 1'400U);
  EXPECT_EQ(options.measure.count, 77U);
  EXPECT_EQ(options.measure.warm_up, 5U);
  EXPECT_EQ(options.measure.cpus, "0,1");
  EXPECT_EQ(options.measure.port, 5000);
  EXPECT_EQ(options.measure.timeout_ms, 250U);
  EXPECT_EQ(options.measure.rounds, 3U);
  EXPECT_TRUE(options.measure.quick);
  EXPECT_TRUE(options.measure.untraced);
  EXPECT_EQ(options.output.format, Format::kJson);
  EXPECT_EQ(options.output.file, "report.json");
  EXPECT_EQ(options.keep, "runs/one");
}

TEST(CompareCommand, TakesHowToTrace) {
  const auto usual = parsed<CompareOptions>({"compare"});
  EXPECT_EQ(usual.trace.events, "path");
  EXPECT_EQ(usual.trace.capture, std::nullopt);
  const auto list = parsed<CompareOptions>({"compare", "--events", "net:netif_rx,sched:sched_switch"});
  EXPECT_EQ(list.trace.events, "net:netif_rx,sched:sched_switch");
  const auto perf = parsed<CompareOptions>({"compare", "--events", "lab", "--capture", "perf"});
  EXPECT_EQ(perf.trace.events, "lab");
  EXPECT_EQ(perf.trace.capture, Capture::kPerf);
  const auto record =
      parsed<RecordOptions>({"record", "--proto", "tcp", "--capture", "tracefs", "--events", "sched", "d"});
  EXPECT_EQ(record.trace.events, "sched");
  EXPECT_EQ(record.trace.capture, Capture::kTracefs);
  EXPECT_THAT(error_of({"compare", "--capture", "ring"}), HasSubstr("ring"));
}

TEST(CompareCommand, TakesAListOfSizes) {
  const auto options = parsed<CompareOptions>({"compare", "--size", "64,1400,9000", "--count", "5"});
  EXPECT_EQ(options.measure.size, 64U);
  ASSERT_TRUE(options.measure.sweep);
  EXPECT_EQ(options.measure.sweep->by, SweptBy::kSize);
  EXPECT_EQ(options.measure.sweep->values, (std::vector<double>{64, 1'400, 9'000}));
  EXPECT_THAT(error_of({"compare", "--size", "64,0"}), HasSubstr("--size"));
  EXPECT_FALSE(parsed<CompareOptions>({"compare", "--size", "64"}).measure.sweep);
  EXPECT_EQ(parsed<RecordOptions>({"record", "--proto", "tcp", "--size", "1", "DIR"}).directory, "DIR");
}

TEST(CompareCommand, TakesAListOfRatesOrFlows) {
  const auto rates = parsed<CompareOptions>({"compare", "--workload", "rate", "--rate", "0.5,2000"}).measure;
  EXPECT_EQ(rates.rate, 0.5);
  ASSERT_TRUE(rates.sweep);
  EXPECT_EQ(rates.sweep->by, SweptBy::kRate);
  EXPECT_EQ(with_value(rates, SweptBy::kRate, rates.sweep->values.at(1)).rate, 2'000);
  const auto flows = parsed<CompareOptions>({"compare", "--flows", "1,4", "--poll", "epoll"}).measure;
  EXPECT_EQ(flows.flows, 1U);
  ASSERT_TRUE(flows.sweep);
  EXPECT_EQ(with_value(flows, flows.sweep->by, 4).flows, 4U);
  EXPECT_THAT(error_of({"compare", "--size", "64,128", "--flows", "1,4"}), HasSubstr("only one may"));
}

TEST(CompareCommand, TakesEveryOptionOfSocketsAndPlacement) {
  const auto measure = parsed<CompareOptions>({"compare",
                                               "--no-nodelay",
                                               "--quickack",
                                               "--cork",
                                               "--congestion",
                                               "reno",
                                               "--send-buffer",
                                               "1",
                                               "--receive-buffer",
                                               "2",
                                               "--busy-poll",
                                               "3",
                                               "--dscp",
                                               "63",
                                               "-6",
                                               "--bind",
                                               "::1,::2",
                                               "--device",
                                               "lo",
                                               "--sched",
                                               "fifo",
                                               "--seed",
                                               "9",
                                               "--raw",
                                               "raw.txt"})
                           .measure;
  EXPECT_FALSE(measure.socket.nodelay);
  EXPECT_TRUE(measure.socket.quickack);
  EXPECT_TRUE(measure.socket.cork);
  EXPECT_EQ(measure.socket.congestion, "reno");
  EXPECT_EQ(measure.socket.send_buffer, 1U);
  EXPECT_EQ(measure.socket.receive_buffer, 2U);
  EXPECT_EQ(measure.socket.busy_poll_us, 3U);
  EXPECT_EQ(measure.socket.dscp, 63);
  EXPECT_EQ(measure.socket.ip, IpVersion::kV6);
  EXPECT_EQ(measure.bind, "::1,::2");
  EXPECT_EQ(measure.socket.device, "lo");
  EXPECT_TRUE(measure.fifo);
  EXPECT_EQ(measure.seed, 9U);
  EXPECT_EQ(measure.raw_file, "raw.txt");
}

TEST(CompareCommand, TakesEveryOptionOfOneWorkload) {
  const auto measure = parsed<CompareOptions>({"compare", "--flows", "10", "--threads", "2", "--poll", "epoll",
                                               "--pattern", "write-write-read", "--rate", "2.5", "--file", "f",
                                               "--ports", "30", "-4", "--nodelay", "on"})
                           .measure;
  EXPECT_EQ(measure.flows, 10U);
  EXPECT_EQ(measure.threads, 2U);
  EXPECT_EQ(measure.poll, PollMode::kEpoll);
  EXPECT_TRUE(measure.write_write_read);
  EXPECT_EQ(measure.rate, 2.5);
  EXPECT_EQ(measure.file, "f");
  EXPECT_EQ(measure.ports, 30U);
  EXPECT_EQ(measure.socket.ip, IpVersion::kV4);
  EXPECT_TRUE(measure.socket.nodelay);
}

TEST(CompareCommand, RefusesOppositesAndUnknownWords) {
  EXPECT_THAT(error_of({"compare", "-4", "-6"}), HasSubstr("-6"));
  EXPECT_THAT(error_of({"compare", "--nodelay", "--no-nodelay"}), HasSubstr("--no-nodelay"));
  EXPECT_THAT(error_of({"compare", "--poll", "select"}), AllOf(HasSubstr("--poll"), HasSubstr("select")));
  EXPECT_THAT(error_of({"compare", "--sched", "rr"}), AllOf(HasSubstr("--sched"), HasSubstr("rr")));
  EXPECT_THAT(error_of({"compare", "--pattern", "read"}), AllOf(HasSubstr("--pattern"), HasSubstr("read")));
  EXPECT_THAT(error_of({"compare", "--dscp", "64"}), HasSubstr("--dscp"));
}

TEST(CompareCommand, TakesADurationInsteadOfACount) {
  EXPECT_EQ(parsed<CompareOptions>({"compare", "--duration", "0.5"}).measure.duration_s, 0.5);
  EXPECT_THAT(error_of({"compare", "--duration", "1", "--count", "5"}), HasSubstr("--duration"));
}

TEST(CompareCommand, TakesTheLimitsOfEveryRangeAndNothingBeyond) {
  struct Range {
    const char* option;
    const char* lowest;
    const char* highest;
    const char* too_low;
    const char* too_high;
  };
  for (const auto& [option, lowest, highest, too_low, too_high] :
       {Range{"--size", "1", "65536", "0", "65537"}, Range{"--count", "1", "100000000", "0", "100000001"},
        Range{"--duration", "0.001", "3600", "0", "3601"}, Range{"--warm-up", "0", "100000000", "-1", "100000001"},
        Range{"--port", "1", "65535", "0", "65536"}, Range{"--timeout", "1", "60000", "0", "60001"},
        Range{"--rounds", "1", "1000", "0", "1001"}}) {
    EXPECT_EQ(error_of({"compare", option, lowest}), "no error") << option;
    EXPECT_EQ(error_of({"compare", option, highest}), "no error") << option;
    EXPECT_THAT(error_of({"compare", option, too_low}), HasSubstr(option));
    EXPECT_THAT(error_of({"compare", option, too_high}), HasSubstr(option));
  }
}

TEST(CompareCommand, RefusesWhatIsNoNumber) {
  for (const char* option : {"--size", "--count", "--duration", "--warm-up", "--port", "--timeout", "--rounds"}) {
    EXPECT_THAT(error_of({"compare", option, "many"}), HasSubstr(option));
    EXPECT_THAT(error_of({"compare", option}), HasSubstr(option));
  }
}

TEST(CompareCommand, RefusesUnknownNames) {
  EXPECT_THAT(error_of({"compare", "--workload", "chat"}), AllOf(HasSubstr("--workload"), HasSubstr("chat")));
  EXPECT_THAT(error_of({"compare", "--format", "xml"}), AllOf(HasSubstr("--format"), HasSubstr("xml")));
  EXPECT_THAT(error_of({"compare", "--sise", "64"}), HasSubstr("--sise"));
  EXPECT_THAT(error_of({"compare", "surplus"}), HasSubstr("surplus"));
}

TEST(CompareCommand, TakesTheTableByName) {
  EXPECT_EQ(parsed<CompareOptions>({"compare", "--format", "table"}).output.format, Format::kTable);
}

}  // namespace
}  // namespace sockscope
