#include "harness/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/version.h"
#include "tests/harness/parsed_words.h"

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

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
