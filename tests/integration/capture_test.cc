#include "harness/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "base/cpu_list.h"
#include "harness/event_set.h"
#include "harness/recording_features.h"
#include "harness/tracefs_capture.h"
#include "parsers/perf_data/reader.h"
#include "tests/integration/sockscope_program.h"

/// What records a traced run, and which events: both captures give the same figures and a file that perf reads, every
/// set the figures that it has the events for.
namespace sockscope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Scratch;

constexpr const char* kTracefs = "/sys/kernel/tracing";
constexpr int kCount = 2'000;

/// Instances of ftrace that a sockscope made.
std::vector<std::string> instances() {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(fs::path(kTracefs) / "instances")) {
    if (entry.path().filename().string().starts_with("sockscope-")) found.push_back(entry.path().filename());
  }
  return found;
}

/// Those of a sockscope that still runs are another test's.
std::vector<std::string> left_behind() {
  std::vector<std::string> found = instances();
  std::erase_if(found, [](const std::string& name) {
    return testing::is_alive(static_cast<pid_t>(std::stoi(name.substr(name.find('-') + 1))));
  });
  return found;
}

Json report_of(const fs::path& path) {
  const auto finished = testing::sockscope({"report", "--format", "json", path.string()});
  EXPECT_EQ(finished.status, 0) << finished.err;
  return Json::parse(finished.out, nullptr, false);
}

Json recorded(const fs::path& directory, const std::string& protocol, const std::vector<std::string>& more,
              int count = kCount) {
  std::vector<std::string> arguments{"record", "--proto", protocol, "--count", std::to_string(count)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  arguments.push_back(directory.string());
  const auto finished = testing::sockscope(arguments);
  EXPECT_EQ(finished.status, 0) << finished.err;
  return report_of(directory);
}

std::string fact(const Json& report, const std::string& name) { return report.at("plan").value(name, ""); }

void expect_laws(const Json& report) {
  for (const Json& law : report.at("laws")) EXPECT_TRUE(law.at("holds")) << law.dump();
  EXPECT_EQ(report.at("data_quality").at("lost_events"), 0);
  EXPECT_EQ(report.at("data_quality").at("undecoded_events"), 0);
}

class CaptureTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_TRACING();
    if (const std::string reason = why_no_tracefs(kTracefs); !reason.empty()) GTEST_SKIP() << reason;
  }
  static std::string protocol() { return GetParam(); }
  [[nodiscard]] fs::path recording(const std::string& directory) const {
    return scratch_ / directory / (protocol() + "-1.perf.data");
  }

  Scratch scratch_;
};

INSTANTIATE_TEST_SUITE_P(BothProtocols, CaptureTest, ::testing::Values("tcp", "udp"),
                         [](const auto& chosen) { return std::string(chosen.param); });

std::vector<std::string> placements() {
  const auto cpus = allowed_cpus();
  std::vector<std::string> found{fmt::format("{0},{0}", cpus.front())};
  if (cpus.size() > 1) found.push_back(fmt::format("{},{}", cpus[0], cpus[1]));
  return found;
}

TEST_P(CaptureTest, GivesTheCountsAndTheLawsThatPerfGives) {
  for (const std::string& cpus : placements()) {
    for (const std::string events : {"path", "lab"}) {
      SCOPED_TRACE(cpus + " " + events);
      const Json by_tracefs = recorded(scratch_ / ("t" + cpus + events), protocol(),
                                       {"--cpus", cpus, "--events", events, "--capture", "tracefs"});
      const Json by_perf = recorded(scratch_ / ("p" + cpus + events), protocol(),
                                    {"--cpus", cpus, "--events", events, "--capture", "perf"});
      EXPECT_EQ(fact(by_tracefs, "capture"), "tracefs");
      EXPECT_EQ(fact(by_perf, "capture"), "perf record");
      EXPECT_THAT(fact(by_tracefs, "events"), HasSubstr(events + ": raw_syscalls:sys_enter "));
      for (const Json* report : {&by_tracefs, &by_perf}) {
        const Json& of_protocol = report->at("protocols").at(protocol());
        EXPECT_NEAR(of_protocol.at("per_round_trip").at("syscalls").get<double>(), 4.0, 0.08);
        EXPECT_NEAR(of_protocol.at("per_round_trip").at("skbs").get<double>(), 2.0, 0.04);
        EXPECT_NEAR(of_protocol.at("per_round_trip").at("softirqs").get<double>(), 2.0, 0.06);
        EXPECT_EQ(of_protocol.at("traced").at("matched"), 2 * kCount);
        EXPECT_EQ(of_protocol.at("stages").size(), 13U);
        expect_laws(*report);
      }
      EXPECT_EQ(by_tracefs.at("laws").size(), by_perf.at("laws").size());
    }
  }
  EXPECT_THAT(left_behind(), IsEmpty());
}

/// Events by name, as `command` prints them: a word of each line.
std::map<std::string, int> counts_of(const std::vector<std::string>& command, std::size_t word) {
  const auto finished = testing::run(command);
  EXPECT_EQ(finished.status, 0) << finished.err;
  std::map<std::string, int> counts;
  std::istringstream lines(finished.out);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    for (std::size_t i = 0; i <= word; ++i) words >> name;
    if (name.ends_with(':')) name.pop_back();
    ++counts[name];
  }
  return counts;
}

TEST_P(CaptureTest, WritesAFileThatPerfReadsAsWeDo) {
  recorded(scratch_ / "run", protocol(), {"--events", "lab", "--capture", "tracefs"});
  const std::string file = recording("run");
  const auto perfs = counts_of({"perf", "script", "-i", file, "-F", "event"}, 0);
  std::map<std::string, int> ours;
  const auto events = testing::sockscope({"events", "--format", "json", file});
  ASSERT_EQ(events.status, 0) << events.err;
  std::istringstream lines(events.out);
  for (std::string line; std::getline(lines, line);) ++ours[Json::parse(line).at("event").get<std::string>()];
  EXPECT_EQ(ours, perfs);
  // Either end may be in a call when the recording begins, and in one when it ends.
  EXPECT_NEAR(static_cast<double>(ours.at("raw_syscalls:sys_enter")),
              static_cast<double>(ours.at("raw_syscalls:sys_exit")), 2);
  EXPECT_GE(ours.at("net:net_dev_queue"), 2 * kCount);

  const auto header = testing::run({"perf", "report", "-i", file, "--header-only"});
  EXPECT_EQ(header.status, 0) << header.err;
  EXPECT_THAT(header.out, HasSubstr("# cmdline : "));
  EXPECT_THAT(header.out, HasSubstr("# clockid: monotonic (1)"));
  EXPECT_THAT(header.out, HasSubstr("# event : name = sched:sched_switch, "));
  const auto timehist = testing::run({"perf", "sched", "timehist", "-i", file});
  EXPECT_EQ(timehist.status, 0) << timehist.err;
  EXPECT_THAT(timehist.out, HasSubstr("echo-client"));
}

/// The recording without the events that the set lacks.
void thin_out(const fs::path& recording, const EventSet& set) {
  std::vector<WrittenEvent> written;
  std::vector<Tracepoint> tracepoints;
  std::map<std::string, std::size_t> position;
  for (const EventChoice& event : set.events) {
    const auto tracepoint = read_tracepoint(kTracefs, event.name);
    ASSERT_TRUE(tracepoint);
    position[event.name] = written.size();
    written.push_back({.attr = tracepoint_attr(tracepoint->id), .ids = {written.size() + 1}, .name = event.name});
    tracepoints.push_back(*tracepoint);
  }
  const auto thinned = recording.string() + ".thinned";
  auto writer = PerfDataWriter::create(thinned, written);
  ASSERT_TRUE(writer);
  const auto reader = perf_data::Reader::open(recording);
  ASSERT_TRUE(reader);
  auto stream = reader->records();
  while (const auto* record = stream.next()) {
    if (record->type != perf_data::record_type::kSample) continue;
    const auto kept = position.find(reader->attrs()[record->attr].name);
    if (kept == position.end()) continue;
    const WrittenContext where{.pid = record->pid, .tid = record->tid, .cpu = record->cpu, .time_ns = record->time_ns};
    ASSERT_TRUE(writer->sample(kept->second, where, record->payload));
  }
  auto features = recording_features(kTracefs, tracepoints);
  ASSERT_TRUE(features);
  ASSERT_TRUE(writer->finish(std::move(*features)));
  fs::rename(thinned, recording);
}

// On one CPU, since switch records would be left out.
TEST_P(CaptureTest, OfAPathTellsWhatAllEventsTell) {
  const std::string cpu = std::to_string(allowed_cpus().front());
  const Json whole =
      recorded(scratch_ / "run", protocol(), {"--events", "lab", "--capture", "tracefs", "--cpus", cpu + "," + cpu});
  const auto path = EventSet::available(kTracefs, "path");
  ASSERT_TRUE(path);
  thin_out(recording("run"), *path);
  const Json thinned = report_of(scratch_ / "run");
  const Json& of_whole = whole.at("protocols").at(protocol());
  const Json& of_thinned = thinned.at("protocols").at(protocol());
  for (const char* const key : {"stages", "per_round_trip", "totals", "context_switches"}) {
    EXPECT_EQ(of_thinned.at(key), of_whole.at(key)) << key;
  }
  EXPECT_EQ(of_thinned.at("traced").at("rtt_ns"), of_whole.at("traced").at("rtt_ns"));
  ASSERT_EQ(thinned.at("laws").size(), whole.at("laws").size());
  EXPECT_THAT(thinned.at("laws").at(0).at("detail").get<std::string>(), HasSubstr("net_dev_xmit not recorded"));
  expect_laws(thinned);
}

TEST_P(CaptureTest, OfTheSchedulerTellsOfThreadsAlone) {
  for (const std::string capture : {"tracefs", "perf"}) {
    SCOPED_TRACE(capture);
    const Json report = recorded(scratch_ / capture, protocol(), {"--events", "sched", "--capture", capture});
    const Json& of_protocol = report.at("protocols").at(protocol());
    expect_laws(report);
    ASSERT_EQ(report.at("laws").size(), 2U) << report.at("laws").dump();
    const Json& client = of_protocol.at("context_switches").at("client");
    EXPECT_GE(client.at("voluntary").get<int>() + client.at("involuntary").get<int>(), kCount);
    EXPECT_FALSE(of_protocol.contains("stages") && !of_protocol.at("stages").empty()) << of_protocol.dump();
    EXPECT_EQ(report.at("data_quality").at("unmatched_messages"), 0);
    const auto table = testing::sockscope({"report", (scratch_ / capture).string()});
    EXPECT_EQ(table.status, 0) << table.err;
    EXPECT_THAT(table.out, HasSubstr("LAWS: all 2 hold"));
  }
}

TEST_P(CaptureTest, OfAListRecordsWhatItSays) {
  recorded(scratch_ / "run", protocol(), {"--events", "net:net_dev_xmit,sched:sched_switch"});
  const auto counts = counts_of({"perf", "script", "-i", recording("run"), "-F", "event"}, 0);
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_GE(counts.at("net:net_dev_xmit"), 2 * kCount);
}

TEST_P(CaptureTest, OfStacksHasCallChainsThatReportPassesOver) {
  const Json report = recorded(scratch_ / "run", protocol(), {"--events", "stacks"}, 500);
  EXPECT_EQ(fact(report, "capture"), "perf record: call chains are perf's alone");
  EXPECT_EQ(report.at("protocols").at(protocol()).at("traced").at("matched"), 1000);
  expect_laws(report);
  const auto chains =
      testing::run({"perf", "script", "-i", recording("run"), "-F", "event,ip,sym", "--max-stack", "3"});
  EXPECT_THAT(chains.out, HasSubstr("net:net_dev_queue"));
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The first instance of that name may be one that only shows that there can be one: it has another clock.
bool records_within(const fs::path& instance, std::chrono::seconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (content_of(instance / "trace_clock").contains("[mono]") && content_of(instance / "tracing_on") == "1\n")
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return false;
}

TEST_P(CaptureTest, LeavesNothingWhenInterruptedOrKilled) {
  for (const int signal : {SIGINT, SIGKILL}) {
    SCOPED_TRACE(signal);
    auto running = testing::start_sockscope({"record", "--proto", protocol(), "--count", "60000", "--capture",
                                             "tracefs", (scratch_ / std::to_string(signal)).string()});
    const std::string name = fmt::format("sockscope-{}", running.pid());
    const fs::path instance = fs::path(kTracefs) / "instances" / name;
    ASSERT_TRUE(records_within(instance, std::chrono::seconds{20}));
    running.send_signal(signal);
    const auto status = running.wait({});
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ(*status, signal == SIGINT ? 130 : 128 + SIGKILL);
    if (signal == SIGKILL) {
      EXPECT_TRUE(fs::exists(instance)) << "else there is nothing to clean up";
      recorded(scratch_ / "next", protocol(), {}, 10);
    }
    EXPECT_FALSE(fs::exists(instance));
  }
}

// Two pages hold some hundred of them.
TEST(TracefsCapture, CountsWhatFoundNoRoom) {
  SKIP_WITHOUT_TRACING();
  if (const std::string reason = why_no_tracefs(kTracefs); !reason.empty()) GTEST_SKIP() << reason;
  constexpr std::uint64_t calls = 10'000;
  const Scratch scratch;
  const int cpu = allowed_cpus().front();
  cpu_set_t here;
  cpu_set_t before;
  CPU_ZERO(&here);
  CPU_SET(static_cast<std::size_t>(cpu), &here);
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  ASSERT_EQ(sched_setaffinity(0, sizeof here, &here), 0);
  const auto file = scratch / "x.perf.data";
  auto capture = TracefsCapture::start({.output = file,
                                        .events = {{"raw_syscalls:sys_enter", Scope::kContext}},
                                        .tids = {gettid()},
                                        .cpus = {cpu},
                                        .buffer_bytes = 8192,
                                        .with_switches = false});
  ASSERT_TRUE(capture) << capture.error().message;
  ASSERT_TRUE(capture->enable({}));
  for (std::uint64_t i = 0; i < calls; ++i) syscall(SYS_getppid);
  ASSERT_TRUE(capture->disable({}));
  ASSERT_TRUE(capture->finish({}));
  sched_setaffinity(0, sizeof before, &before);

  const auto reader = perf_data::Reader::open(file);
  ASSERT_TRUE(reader) << reader.error().message;
  std::uint64_t samples = 0;
  for (auto stream = reader->records(); const auto* record = stream.next();) {
    if (record->type != perf_data::record_type::kSample) continue;
    ++samples;
    EXPECT_EQ(record->tid, gettid());
    EXPECT_EQ(record->pid, getpid());
  }
  EXPECT_GE(samples, 100U);
  EXPECT_LE(samples, 200U);
  // Besides those that switch the recording on and off.
  EXPECT_GE(samples + reader->counters().lost_events, calls);
  EXPECT_LE(samples + reader->counters().lost_events, calls + 10);
}

TEST_P(CaptureTest, RefusesWhatItCannotRecord) {
  const auto directory = (scratch_ / "run").string();
  const auto unknown = testing::sockscope({"record", "--proto", protocol(), "--events", "net:nosuch", directory});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_EQ(
      unknown.err,
      "sockscope: --events: this kernel has no tracepoint net:nosuch (see /sys/kernel/tracing/available_events)\n");
  const auto stacks =
      testing::sockscope({"record", "--proto", protocol(), "--events", "stacks", "--capture", "tracefs", directory});
  EXPECT_EQ(stacks.status, 2);
  EXPECT_EQ(stacks.err, "sockscope: --capture tracefs: call chains are perf's alone; use --capture perf\n");
  const auto too_long =
      testing::sockscope({"record", "--proto", protocol(), "--duration", "3600", "--capture", "tracefs", directory});
  EXPECT_EQ(too_long.status, 3);
  EXPECT_EQ(too_long.err,
            "sockscope: --capture tracefs: a run this long would not fit into ftrace's buffers; use --capture perf\n");
}

}  // namespace
}  // namespace sockscope
