#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "harness/run_directory.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;

EndResult end_of(Role role, pid_t tid) {
  EndResult end;
  end.identity = {.role = role, .tid = tid, .fd = 5};
  end.start_ns = 1'000;
  end.end_ns = 9'000;
  end.round_trips = 2;
  end.lost = role == Role::kClient ? 1 : 0;
  end.usage = {.voluntary_switches = 3, .involuntary_switches = 4, .user_us = 5, .system_us = 6};
  if (role == Role::kClient) {
    end.rtt.record(3'000);
    end.rtt.record(5'000);
  }
  return end;
}

/// An untraced run over TCP and a traced one over UDP.
RunRecord sample_record() {
  RunResult untraced;
  untraced.step = {.round = 1, .variant = 0, .watch = Watch::kCounters};
  untraced.variant = variant_of(Protocol::kTcp);
  untraced.client = end_of(Role::kClient, 11);
  untraced.server = end_of(Role::kServer, 12);
  untraced.counters = {{"task-clock", 123'456}, {"page-faults", 0}};
  untraced.refused_counters = {"context-switches"};
  untraced.conditions = {.wall_ns = 100'000'000,
                         .cpus = {0, 3},
                         .foreign_ns = 14'000'000,
                         .busiest = "cc1plus",
                         .steal_ns = 20'000'000,
                         .tracers = {"strace (pid 12)"},
                         .cpu_khz = {1'000'000, 2'400'000}};
  RunResult traced = untraced;
  traced.step = {.round = 2, .variant = 0, .watch = Watch::kPerf};
  traced.variant = {.key = "b", .label = "B", .description = "udp --size 3", .protocol = Protocol::kUdp};
  traced.client = end_of(Role::kClient, 21);
  traced.conditions.foreign_ns = 0;
  traced.counters.clear();
  traced.refused_counters.clear();
  traced.recording = "udp-2.perf.data";
  traced.perf_command = {"perf", "record", "-e", "a \"b\""};
  traced.topology = Topology::kBridgeNat;
  return {.kind = Summary::Kind::kReport,
          .mode = "traced",
          .title = "echo of 64 bytes",
          .environment = {{"kernel", "6.18.44"}, {"cpu", "EPYC \xc2\xb5"}},
          .plan = {{"workload", "echo"}},
          .missing = {{.what = "a thing", .fix = "a fix"}},
          .interrupted = true,
          .runs = {untraced, traced}};
}

void expect_same(const EndResult& one, const EndResult& other) {
  EXPECT_EQ(one.identity.role, other.identity.role);
  EXPECT_EQ(one.identity.tid, other.identity.tid);
  EXPECT_EQ(one.identity.fd, other.identity.fd);
  EXPECT_EQ(one.start_ns, other.start_ns);
  EXPECT_EQ(one.end_ns, other.end_ns);
  EXPECT_EQ(one.round_trips, other.round_trips);
  EXPECT_EQ(one.lost, other.lost);
  EXPECT_EQ(one.usage.voluntary_switches, other.usage.voluntary_switches);
  EXPECT_EQ(one.usage.involuntary_switches, other.usage.involuntary_switches);
  EXPECT_EQ(one.usage.user_us, other.usage.user_us);
  EXPECT_EQ(one.usage.system_us, other.usage.system_us);
  EXPECT_EQ(one.rtt.filled_buckets(), other.rtt.filled_buckets());
  EXPECT_EQ(one.rtt.min(), other.rtt.min());
  EXPECT_EQ(one.rtt.max(), other.rtt.max());
}

class SavedRun : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(save_run(tree_.path(), sample_record())); }

  /// Changes run.json as a whole.
  template <class Change>
  void change(Change&& how) {
    Json json = Json::parse(content_of(tree_ / "run.json"));
    std::forward<Change>(how)(json);
    tree_.file("run.json", json.dump());
  }

  [[nodiscard]] std::string load_error() const {
    const auto loaded = load_run(tree_.path());
    if (loaded) return "no error";
    EXPECT_EQ(loaded.error().kind, ErrorKind::kInput);
    return loaded.error().message;
  }

  TempTree tree_;
};

TEST_F(SavedRun, IsTheSameWhenItIsLoaded) {
  const auto loaded = load_run(tree_.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  const RunRecord saved = sample_record();
  EXPECT_EQ(loaded->kind, saved.kind);
  EXPECT_EQ(loaded->mode, saved.mode);
  EXPECT_EQ(loaded->title, saved.title);
  EXPECT_EQ(loaded->environment, saved.environment);
  EXPECT_EQ(loaded->plan, saved.plan);
  ASSERT_THAT(loaded->missing, SizeIs(1));
  EXPECT_EQ(loaded->missing[0].what, "a thing");
  EXPECT_EQ(loaded->missing[0].fix, "a fix");
  EXPECT_TRUE(loaded->interrupted);
  ASSERT_EQ(loaded->runs.size(), saved.runs.size());
  for (std::size_t i = 0; i < saved.runs.size(); ++i) {
    EXPECT_EQ(loaded->runs[i].step, saved.runs[i].step);
    EXPECT_EQ(loaded->runs[i].variant, saved.runs[i].variant);
    EXPECT_EQ(loaded->runs[i].topology, saved.runs[i].topology);
    expect_same(loaded->runs[i].client, saved.runs[i].client);
    expect_same(loaded->runs[i].server, saved.runs[i].server);
    EXPECT_EQ(loaded->runs[i].conditions, saved.runs[i].conditions);
    EXPECT_EQ(loaded->runs[i].counters, saved.runs[i].counters);
    EXPECT_EQ(loaded->runs[i].refused_counters, saved.runs[i].refused_counters);
    EXPECT_EQ(loaded->runs[i].recording, saved.runs[i].recording);
    EXPECT_EQ(loaded->runs[i].perf_command, saved.runs[i].perf_command);
  }
}

TEST_F(SavedRun, OfFollowedSocketsHasThemWhenItIsLoaded) {
  RunRecord record = sample_record();
  RunResult& run = record.runs.back();
  run.followed = Followed::kPackets;
  run.owners = {
      {.pid = 21,
       .tids = {22, 23},
       .role = Role::kServer,
       .sockets = {{.fd = 4, .inode = 1ULL << 40, .protocol = Protocol::kUdp, .port = 4000, .is_waiting = false},
                   {.fd = 3, .inode = 7, .protocol = Protocol::kTcp, .port = 5000, .is_waiting = true}}},
      {.pid = 24}};
  ASSERT_TRUE(save_run(tree_.path(), record));
  const auto loaded = load_run(tree_.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  const RunResult& same = loaded->runs.back();
  EXPECT_EQ(same.followed, Followed::kPackets);
  ASSERT_THAT(same.owners, SizeIs(2));
  const SocketOwner& server = same.owners.front();
  EXPECT_EQ(server.pid, 21);
  EXPECT_EQ(server.tids, (std::vector<pid_t>{22, 23}));
  EXPECT_EQ(server.role, Role::kServer);
  ASSERT_THAT(server.sockets, SizeIs(2));
  EXPECT_EQ(server.sockets[0].fd, 4);
  EXPECT_EQ(server.sockets[0].inode, 1ULL << 40);
  EXPECT_EQ(server.sockets[0].protocol, Protocol::kUdp);
  EXPECT_EQ(server.sockets[1].port, 5000);
  EXPECT_TRUE(server.sockets[1].is_waiting);
  EXPECT_EQ(same.owners.back().pid, 24);
  EXPECT_EQ(same.owners.back().role, std::nullopt);
  change([](Json& json) { json["runs"][1]["owners"][0].erase("sockets"); });
  EXPECT_THAT(load_error(), HasSubstr("sockets"));
  // Of before there were any.
  change([](Json& json) { json["runs"][1].erase("followed"); });
  const auto old = load_run(tree_.path());
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(old->runs.back().followed, Followed::kFlow);
}

TEST_F(SavedRun, OfProgramsHasThemWhenItIsLoaded) {
  RunRecord record = sample_record();
  record.runs.clear();
  record.programs = ProgramRun{.recording = "programs.perf.data",
                               .perf_command = {"perf", "record"},
                               .programs = {{"server", "nc -l 5000", 4711, 143}, {"client", "nc ::1 5000", 4712, 0}}};
  ASSERT_TRUE(save_run(tree_.path(), record));
  const auto loaded = load_run(tree_.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_TRUE(loaded->programs);
  EXPECT_EQ(loaded->programs->recording, "programs.perf.data");
  EXPECT_EQ(loaded->programs->perf_command, (std::vector<std::string>{"perf", "record"}));
  ASSERT_THAT(loaded->programs->programs, SizeIs(2));
  const RecordedProgram& server = loaded->programs->programs[0];
  EXPECT_EQ(server.role, "server");
  EXPECT_EQ(server.command, "nc -l 5000");
  EXPECT_EQ(server.pid, 4711);
  EXPECT_EQ(server.status, 143);
  change([](Json& json) { json["programs"]["recording"] = "../elsewhere"; });
  EXPECT_THAT(load_error(), HasSubstr("\"../elsewhere\" is not the name of a recording"));
  change([](Json& json) { json["programs"].erase("programs"); });
  EXPECT_NE(load_error(), "no error");
}

TEST_F(SavedRun, OfAComparisonIsOneWhenItIsLoaded) {
  RunRecord record = sample_record();
  record.kind = Summary::Kind::kCompare;
  record.interrupted = false;
  ASSERT_TRUE(save_run(tree_.path(), record));
  const auto loaded = load_run(tree_.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->kind, Summary::Kind::kCompare);
  EXPECT_FALSE(loaded->interrupted);
}

// Such as a CPU's name may be on a machine with an old firmware.
TEST_F(SavedRun, SurvivesTextThatIsNotUtf8) {
  RunRecord record = sample_record();
  record.environment = {{"cpu", "broken \xff name"}};
  ASSERT_TRUE(save_run(tree_.path(), record));
  const auto loaded = load_run(tree_.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_THAT(loaded->environment, ElementsAre(Pair("cpu", "broken \xef\xbf\xbd name")));
}

TEST_F(SavedRun, SaysWhatWroteIt) {
  const Json json = Json::parse(content_of(tree_ / "run.json"));
  EXPECT_EQ(json.at("schema"), "sockscope.run/1");
}

TEST_F(SavedRun, OfAnotherSchemaIsRefusedWithWhatToDo) {
  change([](Json& json) { json["schema"] = "sockscope.run/2"; });
  EXPECT_EQ(load_error(), tree_.str() +
                              "/run.json: schema sockscope.run/2, but this sockscope reads sockscope.run/1: use the "
                              "version that wrote it");
}

TEST_F(SavedRun, ThatIsMissingIsNamed) {
  std::filesystem::remove(tree_ / "run.json");
  EXPECT_EQ(load_error(), tree_.str() + " is not a run directory: no run.json in it");
}

TEST_F(SavedRun, ThatIsCutShortIsNamed) {
  const std::string whole = content_of(tree_ / "run.json");
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 3}) {
    tree_.file("run.json", whole.substr(0, size));
    EXPECT_EQ(load_error(), tree_.str() + "/run.json: not JSON") << size;
  }
}

TEST_F(SavedRun, ThatIsNoObjectIsNamed) {
  tree_.file("run.json", "[1, 2, 3]");
  EXPECT_EQ(load_error(), tree_.str() + "/run.json: not JSON");
}

TEST_F(SavedRun, WithoutAnyOfItsKeysNamesTheKey) {
  const Json whole = Json::parse(content_of(tree_ / "run.json"));
  for (const char* key : {"schema", "kind", "mode", "title", "environment", "plan", "missing", "interrupted", "runs"}) {
    Json json = whole;
    json.erase(key);
    tree_.file("run.json", json.dump());
    EXPECT_THAT(load_error(), StartsWith(tree_.str() + "/run.json: "));
    EXPECT_THAT(load_error(), HasSubstr(fmt::format("key '{}' not found", key)));
  }
}

TEST_F(SavedRun, WithoutAnyKeyOfARunNamesTheKey) {
  const Json whole = Json::parse(content_of(tree_ / "run.json"));
  for (const auto& [run, key] : {std::pair{0, "round"}, std::pair{0, "traced"}, std::pair{0, "client"},
                                 std::pair{0, "server"}, std::pair{0, "counters"}, std::pair{0, "refused_counters"},
                                 std::pair{1, "recording"}, std::pair{1, "perf_command"}}) {
    Json json = whole;
    json["runs"][static_cast<std::size_t>(run)].erase(key);
    tree_.file("run.json", json.dump());
    EXPECT_THAT(load_error(), HasSubstr(fmt::format("key '{}' not found", key)));
  }
}

// As every run directory was before anybody looked.
TEST_F(SavedRun, WithoutConditionsHasNoneThatAreKnown) {
  change([](Json& json) { json["runs"][0].erase("conditions"); });
  const auto loaded = load_run(tree_.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->runs[0].conditions, RunConditions{});
}

// As every run directory was before variants other than protocols.
TEST_F(SavedRun, WithAProtocolInThePlaceOfAVariantIsOfThatProtocol) {
  change([](Json& json) {
    json["runs"][0].erase("variant");
    json["runs"][0]["protocol"] = "udp";
  });
  const auto loaded = load_run(tree_.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->runs[0].variant, variant_of(Protocol::kUdp));
}

// As every run directory was before there were runs for the counters alone.
TEST_F(SavedRun, WithoutAWordOnCountingIsAnUntracedOneThatHasCounters) {
  change([](Json& json) { json["runs"][0].erase("counted"); });
  const auto loaded = load_run(tree_.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->runs[0].step.watch, Watch::kNobody);
  EXPECT_EQ(loaded->runs[0].counters, sample_record().runs[0].counters);
}

TEST_F(SavedRun, WithADamagedEndSaysSo) {
  change([](Json& json) { json["runs"][0]["server"].erase("tid"); });
  EXPECT_THAT(load_error(), StartsWith(tree_.str() + "/run.json: not the result of a workload's end: "));
}

// run.json may come from anyone: what it names must not lead out of its directory.
TEST_F(SavedRun, WithARecordingElsewhereIsRefused) {
  ASSERT_EQ(load_error(), "no error");
  for (const char* name : {"../secret.data", "/etc/passwd", "sub/tcp.perf.data", "..", ".", "", "a/", "./a"}) {
    change([name](Json& json) { json["runs"][1]["recording"] = name; });
    EXPECT_EQ(load_error(), fmt::format("{}/run.json: \"{}\" is not the name of a recording", tree_.str(), name));
  }
}

}  // namespace
}  // namespace sockscope
