#include "harness/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "harness/version.h"

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

using Words = std::vector<const char*>;

Result<Options> parse(Words words) {
  words.insert(words.begin(), "sockscope");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

/// The options of a command line that must be understood as that command.
template <class Command>
Command parsed(const Words& words) {
  auto options = parse(words);
  if (options && std::holds_alternative<Command>(*options)) return std::get<Command>(*options);
  ADD_FAILURE() << (options ? "taken for another command" : options.error().message);
  return {};
}

/// The usage error of a command line: one sentence on one line.
std::string error_of(const Words& words) {
  const auto options = parse(words);
  if (options) return "no error";
  EXPECT_EQ(options.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(options.error().message, AllOf(Not(HasSubstr("\n")), EndsWith("(see sockscope --help)")));
  return options.error().message;
}

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

TEST(RecordCommand, TakesAProtocolAndADirectory) {
  const auto tcp = parsed<RecordOptions>({"record", "--proto", "tcp", "runs/tcp"});
  EXPECT_EQ(tcp.protocol, Protocol::kTcp);
  EXPECT_EQ(tcp.directory, "runs/tcp");
  EXPECT_EQ(tcp.measure.size, 64U);
  const auto udp = parsed<RecordOptions>({"record", "--proto", "udp", "--size", "1", "runs/udp"});
  EXPECT_EQ(udp.protocol, Protocol::kUdp);
  EXPECT_EQ(udp.measure.size, 1U);
}

TEST(RecordCommand, RefusesToDoWithoutEither) {
  EXPECT_THAT(error_of({"record", "runs/tcp"}), HasSubstr("--proto"));
  EXPECT_THAT(error_of({"record", "--proto", "tcp"}), HasSubstr("DIR"));
  EXPECT_THAT(error_of({"record", "--proto", "sctp", "runs/tcp"}), AllOf(HasSubstr("--proto"), HasSubstr("sctp")));
}

TEST(RecordCommand, TakesAServerAndAClient) {
  const auto options =
      parsed<RecordProgramsOptions>({"record", "--server", "nc -l 1", "--client", "nc ::1 1", "runs/x"});
  EXPECT_EQ(options.programs.server, "nc -l 1");
  EXPECT_EQ(options.programs.client, "nc ::1 1");
  EXPECT_THAT(options.programs.program, IsEmpty());
  EXPECT_EQ(options.directory, "runs/x");
}

TEST(RecordCommand, TakesAProgramWithWhateverArguments) {
  const auto options = parsed<RecordProgramsOptions>({"record", "runs/x", "--", "curl", "--proto", "tcp", "--", "-h"});
  EXPECT_THAT(options.programs.program, ElementsAre("curl", "--proto", "tcp", "--", "-h"));
  EXPECT_EQ(options.directory, "runs/x");
}

TEST(RecordCommand, OfProgramsHasADirectoryOfItsOwn) {
  const auto options = parsed<RecordProgramsOptions>({"record", "--", "curl"});
  EXPECT_THAT(options.directory.string(), MatchesRegex("results/run-[0-9]{8}-[0-9]{6}"));
}

TEST(RecordCommand, RefusesWhatDoesNotGoTogether) {
  EXPECT_THAT(error_of({"record", "--server", "a", "runs/x"}), HasSubstr("--client"));
  EXPECT_THAT(error_of({"record", "--client", "a", "runs/x"}), HasSubstr("--server"));
  EXPECT_THAT(error_of({"record", "--proto", "tcp", "--server", "a", "--client", "b", "runs/x"}), HasSubstr("--proto"));
  EXPECT_THAT(error_of({"record", "--server", "a", "--client", "b", "--", "c"}), HasSubstr("not both"));
  EXPECT_THAT(error_of({"record", "--proto", "tcp", "runs/x", "--", "c"}), HasSubstr("--proto"));
  EXPECT_THAT(error_of({"record", "--size", "5", "--", "c"}), HasSubstr("--size"));
  EXPECT_THAT(error_of({"record", "runs/x", "--"}), HasSubstr("-- CMD"));
  EXPECT_THAT(error_of({"record"}), HasSubstr("--proto, or --server and --client, or -- CMD"));
}

TEST(ReportCommand, AndWhatElseHasPicturesMakesAPage) {
  EXPECT_EQ(parsed<ReportOptions>({"report", "run", "--format", "html"}).output.format, Format::kHtml);
  EXPECT_EQ(parsed<CompareOptions>({"compare", "--format", "html"}).output.format, Format::kHtml);
  EXPECT_EQ(parsed<DiffOptions>({"diff", "a", "b", "--format", "html"}).output.format, Format::kHtml);
  EXPECT_THAT(error_of({"slow", "run", "--format", "html"}), HasSubstr("--format"));
}

TEST(ReportCommand, TakesAPathAndWhereToPutTheReport) {
  const auto options = parsed<ReportOptions>({"report", "perf.data", "--format", "json", "--output", "out.json"});
  EXPECT_EQ(options.path, "perf.data");
  EXPECT_EQ(options.output.format, Format::kJson);
  EXPECT_EQ(options.output.file, "out.json");
  EXPECT_THAT(error_of({"report"}), HasSubstr("PATH"));
  const auto format_of = [](const char* name) {
    return parsed<ReportOptions>({"report", "perf.data", "--format", name}).output.format;
  };
  EXPECT_EQ(format_of("table"), Format::kTable);
  EXPECT_EQ(format_of("csv"), Format::kCsv);
  EXPECT_EQ(format_of("jsonl"), Format::kJsonLines);
  EXPECT_EQ(format_of("perfetto"), Format::kPerfetto);
  EXPECT_EQ(format_of("ctf"), Format::kCtf);
  EXPECT_EQ(format_of("folded"), Format::kFolded);
  EXPECT_THAT(error_of({"compare", "--format", "csv"}), HasSubstr("--format"));
}

TEST(SlowCommandLine, TakesHowManyAndHowSlow) {
  const auto options = parsed<SlowOptions>({"slow", "run", "--top", "3", "--over", "250us", "--format", "json"});
  EXPECT_EQ(options.path, "run");
  EXPECT_EQ(options.top, 3U);
  EXPECT_EQ(options.over_ns, 250'000U);
  EXPECT_EQ(options.output.format, Format::kJson);
  EXPECT_EQ(parsed<SlowOptions>({"slow", "run"}).top, 10U);
  EXPECT_EQ(parsed<SlowOptions>({"slow", "run", "--over", "1s"}).over_ns, 1'000'000'000U);
  for (const char* const time : {"1", "ms", "1.5ms", "-1ms", "1m", "10000000000000ms", ""}) {
    EXPECT_THAT(error_of({"slow", "run", "--over", time}), HasSubstr("is no time")) << time;
  }
  EXPECT_THAT(error_of({"slow", "run", "--top", "0"}), HasSubstr("--top"));
}

TEST(FunctionsCommandLine, HasItsDefaults) {
  const auto options = parsed<FunctionsOptions>({"functions"});
  EXPECT_EQ(options.plan.measure.workload, WorkloadKind::kMessage);
  EXPECT_EQ(options.plan.measure.count, 1'000U);
  EXPECT_EQ(options.plan.measure.rounds, 6U);
  EXPECT_EQ(options.plan.trace.events, "stacks");
  EXPECT_EQ(options.min_rate, 0.2);
  EXPECT_EQ(options.plan.output.format, Format::kTable);
  EXPECT_EQ(options.directory, "");
  const auto quick = parsed<FunctionsOptions>({"functions", "--quick"});
  EXPECT_EQ(quick.plan.measure.count, 500U);
  EXPECT_EQ(quick.plan.measure.rounds, 4U);
}

TEST(FunctionsCommandLine, KeepsToFewMessagesOfAnyWorkload) {
  EXPECT_EQ(parsed<FunctionsOptions>({"functions", "--workload", "echo"}).plan.measure.count, 1'000U);
  EXPECT_EQ(parsed<FunctionsOptions>({"functions", "--workload", "telnet"}).plan.measure.count, 100U);
  EXPECT_EQ(parsed<FunctionsOptions>({"functions", "--workload", "echo", "--count", "7"}).plan.measure.count, 7U);
  const auto timed = parsed<FunctionsOptions>({"functions", "--duration", "2"});
  EXPECT_EQ(timed.plan.measure.count, std::nullopt);
  EXPECT_EQ(parsed<FunctionsOptions>({"functions", "--workload", "scan"}).plan.measure.count, std::nullopt);
}

TEST(FunctionsCommandLine, TakesItsOptions) {
  const auto options =
      parsed<FunctionsOptions>({"functions", "--a", "tcp", "--b", "tcp --nodelay off", "--rounds", "3", "--min-rate",
                                "0.5", "--format", "folded", "-o", "x", "--keep", "run", "--events", "net:netif_rx"});
  EXPECT_EQ(options.plan.a, "tcp");
  EXPECT_EQ(options.plan.b, "tcp --nodelay off");
  EXPECT_EQ(options.plan.measure.rounds, 3U);
  EXPECT_EQ(options.min_rate, 0.5);
  EXPECT_EQ(options.plan.output.format, Format::kFolded);
  EXPECT_EQ(options.plan.output.file, "x");
  EXPECT_EQ(options.plan.keep, "run");
  EXPECT_EQ(options.plan.trace.events, "net:netif_rx");
  const auto calls =
      parsed<FunctionsOptions>({"functions", "--with", "ftrace", "--filter", "tcp_*", "--filter", "ip_rcv"});
  EXPECT_EQ(calls.capture.with, FunctionSource::kFtrace);
  EXPECT_THAT(calls.capture.filter, ElementsAre("tcp_*", "ip_rcv"));
}

TEST(FunctionsCommandLine, ReadsADirectoryWithoutOptionsOfRecording) {
  const auto options = parsed<FunctionsOptions>({"functions", "run", "--min-rate", "1", "--format", "html"});
  EXPECT_EQ(options.directory, "run");
  EXPECT_EQ(options.min_rate, 1);
  for (const Words& words :
       {Words{"--size", "3"}, Words{"--quick"}, Words{"--keep", "x"}, Words{"--a", "tcp", "--b", "udp"}}) {
    Words all{"functions", "run"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_EQ(error_of(all), fmt::format("functions run: {} is for recording, and a directory is only read (see "
                                         "sockscope --help)",
                                         words.front()));
  }
}

TEST(FunctionsCommandLine, RefusesWhatItCannotDo) {
  EXPECT_THAT(error_of({"functions", "--raw", "x"}), HasSubstr("--raw keeps untraced times"));
  EXPECT_THAT(error_of({"functions", "--size", "1,2"}), HasSubstr("functions takes one --size"));
  EXPECT_THAT(error_of({"functions", "--filter", "tcp_*"}), HasSubstr("--filter is for --with ftrace"));
  EXPECT_THAT(error_of({"functions", "--with", "ftrace", "--events", "net:*"}),
              HasSubstr("--events is for --with perf"));
  EXPECT_THAT(error_of({"functions", "--rounds", "2"}), HasSubstr("--rounds"));
  EXPECT_THAT(error_of({"functions", "--min-rate", "0"}), HasSubstr("--min-rate"));
  EXPECT_THAT(error_of({"functions", "--untraced"}), HasSubstr("--untraced"));
  EXPECT_THAT(error_of({"functions", "--format", "csv"}), HasSubstr("--format"));
}

TEST(EventsCommandLine, HasItsDefaults) {
  const auto options = parsed<EventsOptions>({"events", "perf.data"});
  EXPECT_EQ(options.path, "perf.data");
  EXPECT_EQ(options.style, EventStyle::kText);
  EXPECT_EQ(options.file, "");
  EXPECT_TRUE(options.filter.globs.empty());
  EXPECT_TRUE(options.filter.tids.empty());
  EXPECT_TRUE(options.filter.cpus.empty());
  EXPECT_EQ(options.filter.from_ns, std::nullopt);
  EXPECT_EQ(options.filter.to_ns, std::nullopt);
  EXPECT_EQ(options.filter.limit, std::nullopt);
  EXPECT_EQ(parsed<EventsOptions>({"events", "-"}).path, "-");
}

TEST(EventsCommandLine, TakesItsFilters) {
  const auto options = parsed<EventsOptions>({"events", "--event", "sched:*", "perf.data", "--event", "netif_rx",
                                              "--tid", "7", "--tid", "8", "--cpu", "0", "--cpu", "1", "--limit", "0"});
  EXPECT_EQ(options.path, "perf.data");
  EXPECT_EQ(options.filter.globs, (std::vector<std::string>{"sched:*", "netif_rx"}));
  EXPECT_EQ(options.filter.tids, (std::vector<std::int32_t>{7, 8}));
  EXPECT_EQ(options.filter.cpus, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(options.filter.limit, 0U);
  EXPECT_THAT(error_of({"events"}), HasSubstr("FILE"));
  EXPECT_THAT(error_of({"events", "perf.data", "--tid", "-1"}), HasSubstr("--tid"));
  EXPECT_THAT(error_of({"events", "perf.data", "--cpu", "x"}), HasSubstr("--cpu"));
  EXPECT_THAT(error_of({"events", "perf.data", "--limit", "-1"}), HasSubstr("--limit"));
}

TEST(EventsCommandLine, TakesAWindowInSeconds) {
  const auto window = [](const char* text) { return parsed<EventsOptions>({"events", "f", "--time", text}).filter; };
  EXPECT_EQ(window("1,2").from_ns, 1'000'000'000U);
  EXPECT_EQ(window("1,2").to_ns, 2'000'000'000U);
  EXPECT_EQ(window("12345.000000001,").from_ns, 12'345'000'000'001U);
  EXPECT_EQ(window("12345.000000001,").to_ns, std::nullopt);
  EXPECT_EQ(window(",0.5").from_ns, std::nullopt);
  EXPECT_EQ(window(",0.5").to_ns, 500'000'000U);
  EXPECT_EQ(window("7.,").from_ns, 7'000'000'000U);
  for (const char* wrong :
       {"1", "", "x,", "1,x", "-1,", "1.0000000001,", "1 ,", ".5,", "1,2,3", "99999999999,", "2,1"}) {
    EXPECT_THAT(error_of({"events", "f", "--time", wrong}), HasSubstr("--time")) << wrong;
  }
}

TEST(EventsCommandLine, TakesItsFormats) {
  EXPECT_EQ(parsed<EventsOptions>({"events", "f", "--format", "text"}).style, EventStyle::kText);
  EXPECT_EQ(parsed<EventsOptions>({"events", "f", "--format", "json"}).style, EventStyle::kJson);
  EXPECT_EQ(parsed<EventsOptions>({"events", "f", "--format", "csv", "-o", "out"}).style, EventStyle::kCsv);
  EXPECT_EQ(parsed<EventsOptions>({"events", "f", "-o", "out"}).file, "out");
  EXPECT_THAT(error_of({"events", "f", "--format", "table"}), HasSubstr("--format"));
}

TEST(TopologiesCommand, TakesThePlanOfOneEcho) {
  const auto options =
      parsed<TopologiesOptions>({"topologies", "--rounds", "12", "--size", "1400", "--format", "json"});
  EXPECT_EQ(options.measure.rounds, 12U);
  EXPECT_EQ(options.measure.size, 1400U);
  EXPECT_EQ(options.output.format, Format::kJson);
  for (const char* const option : {"--topology", "--workload", "--raw", "--bind", "--device"}) {
    EXPECT_THAT(error_of({"topologies", option, "x"}), HasSubstr(option));
  }
  EXPECT_THAT(error_of({"topologies", "--size", "64,1400"}), HasSubstr("takes one --size"));
}

TEST(TopologyOption, NamesOneOfThem) {
  EXPECT_EQ(parsed<CompareOptions>({"compare", "--topology", "bridge-nat"}).measure.topology, Topology::kBridgeNat);
  EXPECT_FALSE(parsed<CompareOptions>({"compare"}).measure.topology);
  EXPECT_THAT(error_of({"compare", "--topology", "token-ring"}), HasSubstr("token-ring"));
}

TEST(DoctorCommand, TakesNothing) {
  parsed<DoctorOptions>({"doctor"});
  EXPECT_THAT(error_of({"doctor", "please"}), HasSubstr("please"));
}

TEST(LttngScriptCommand, TakesAFile) {
  EXPECT_EQ(parsed<LttngScriptOptions>({"lttng-script"}).file, "");
  EXPECT_EQ(parsed<LttngScriptOptions>({"lttng-script", "-o", "lttng.sh"}).file, "lttng.sh");
  EXPECT_THAT(error_of({"lttng-script", "please"}), HasSubstr("please"));
}

TEST(CommandLine, NeedsACommandAndNamesThem) {
  EXPECT_EQ(
      error_of({}),
      "no command: compare, record, baseline, gate, report, diff, slow, functions, events, topologies, nc, doctor or "
      "lttng-script (see sockscope --help)");
}

TEST(CommandLine, RefusesAnUnknownCommandAndTwoAtOnce) {
  EXPECT_THAT(error_of({"measure"}), HasSubstr("measure"));
  EXPECT_NE(error_of({"doctor", "compare"}), "no error");
}

TEST(CommandLine, ShowsItsVersion) {
  EXPECT_EQ(parsed<ShowText>({"--version"}).text, fmt::format("sockscope {}\n", kVersion));
}

TEST(CommandLine, ShowsItsHelpWithTheCommandsAndTheExitStatuses) {
  for (const char* help : {"--help", "-h"}) {
    const std::string text = parsed<ShowText>({help}).text;
    for (const char* part : {"compare", "record", "report", "events", "nc", "doctor",
                             "Exit status: 0 fine; 1 regressed (gate); 2 usage;", "130"}) {
      EXPECT_THAT(text, HasSubstr(part));
    }
  }
}

TEST(CommandLine, ShowsTheHelpOfACommandWithItsOptions) {
  const std::string text = parsed<ShowText>({"compare", "--help"}).text;
  for (const char* part : {"--workload", "--size", "--count", "--duration", "--warm-up", "--cpus", "--port",
                           "--timeout", "--rounds", "--quick", "--untraced", "--format", "--output", "--keep"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(parsed<ShowText>({"record", "--help"}).text, HasSubstr("--proto"));
}

}  // namespace
}  // namespace sockscope
