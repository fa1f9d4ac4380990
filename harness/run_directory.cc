#include "harness/run_directory.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "harness/version.h"

namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kRunFile = "run.json";
constexpr std::string_view kSchema = "sockscope.run/1";

Protocol protocol_from_json(const Json& json) {
  return json == name_of(Protocol::kTcp) ? Protocol::kTcp : Protocol::kUdp;
}

Json to_json(const Facts& facts) {
  Json json = Json::object();
  for (const auto& [name, value] : facts) json[name] = value;
  return json;
}

Facts facts_from_json(const Json& json) {
  Facts facts;
  for (const auto& [name, value] : json.items()) facts.emplace_back(name, value.get<std::string>());
  return facts;
}

constexpr std::array<std::pair<Followed, std::string_view>, 3> kFollowed{
    {{Followed::kFlow, "flow"}, {Followed::kMessages, "messages"}, {Followed::kPackets, "packets"}}};
template <class Value, std::size_t N>
std::string_view name_in(const std::array<std::pair<Value, std::string_view>, N>& names, Value value) {
  return std::ranges::find(names, value, &std::pair<Value, std::string_view>::first)->second;
}

/// The first one for a name that is not there.
template <class Value, std::size_t N>
Value value_in(const std::array<std::pair<Value, std::string_view>, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name, &std::pair<Value, std::string_view>::second);
  return found == names.end() ? names.front().first : found->first;
}

Json to_json(const SocketOwner& owner) {
  Json sockets = Json::array();
  for (const OpenSocket& socket : owner.sockets) {
    sockets.push_back(Json{{"fd", socket.fd},
                           {"inode", socket.inode},
                           {"protocol", name_of(socket.protocol)},
                           {"port", socket.port},
                           {"waiting", socket.is_waiting}});
  }
  Json json{{"pid", owner.pid}, {"tids", owner.tids}, {"sockets", sockets}};
  if (owner.role) json["role"] = name_of(*owner.role);
  return json;
}

SocketOwner owner_from_json(const Json& json) {
  SocketOwner owner{.pid = json.at("pid"), .tids = json.at("tids"), .role = std::nullopt, .sockets = {}};
  if (json.contains("role")) owner.role = json.at("role") == name_of(Role::kClient) ? Role::kClient : Role::kServer;
  for (const Json& socket : json.at("sockets")) {
    owner.sockets.push_back({.fd = socket.at("fd"),
                             .inode = socket.at("inode"),
                             .protocol = protocol_from_json(socket.at("protocol")),
                             .port = socket.at("port"),
                             .is_waiting = socket.at("waiting")});
  }
  return owner;
}

Json to_json(const Variant& variant) {
  return {{"key", variant.key},
          {"label", variant.label},
          {"description", variant.description},
          {"protocol", name_of(variant.protocol)}};
}

Variant variant_from_json(const Json& json) {
  return {.key = json.at("key"),
          .label = json.at("label"),
          .description = json.at("description"),
          .protocol = protocol_from_json(json.at("protocol"))};
}

Json to_json(const RunConditions& conditions) {
  return Json{{"wall_ns", conditions.wall_ns}, {"cpus", conditions.cpus},         {"foreign_ns", conditions.foreign_ns},
              {"busiest", conditions.busiest}, {"steal_ns", conditions.steal_ns}, {"tracers", conditions.tracers},
              {"cpu_khz", conditions.cpu_khz}};
}

RunConditions conditions_from_json(const Json& json) {
  return {.wall_ns = json.at("wall_ns"),
          .cpus = json.at("cpus"),
          .foreign_ns = json.at("foreign_ns"),
          .busiest = json.at("busiest"),
          .steal_ns = json.at("steal_ns"),
          .tracers = json.at("tracers"),
          .cpu_khz = json.at("cpu_khz")};
}

Json to_json(const RunResult& run) {
  Json json{{"variant", to_json(run.variant)},
            {"round", run.step.round},
            {"traced", is_recorded(run.step.watch)},
            {"nested", run.step.watch == Watch::kNested},
            {"counted", run.step.watch == Watch::kCounters},
            {"client", to_json(run.client)},
            {"server", to_json(run.server)},
            {"conditions", to_json(run.conditions)}};
  if (run.topology) json["topology"] = name_of(*run.topology);
  if (is_recorded(run.step.watch)) {
    json["recording"] = run.recording;
    json["perf_command"] = run.perf_command;
    json["followed"] = name_in(kFollowed, run.followed);
    json["owners"] = Json::array();
    for (const SocketOwner& owner : run.owners) json["owners"].push_back(to_json(owner));
  } else {
    json["counters"] = run.counters;
    json["refused_counters"] = run.refused_counters;
  }
  return json;
}

/// A recording's name comes from the file and becomes a path: it must not lead out of the directory.
Result<std::string> plain_file_name(const std::string& name) {
  const std::filesystem::path path(name);
  if (!name.empty() && path == path.filename() && name != "." && name != "..") return name;
  return fail(ErrorKind::kInput, "\"{}\" is not the name of a recording", name);
}

/// Before there were runs for the counters alone, every untraced run was counted.
Watch watch_from_json(const Json& json) {
  if (json.value("nested", false)) return Watch::kNested;
  if (json.at("traced").get<bool>()) return Watch::kPerf;
  return json.value("counted", false) ? Watch::kCounters : Watch::kNobody;
}

Json to_json(const ProgramRun& run) {
  Json json{{"recording", run.recording}, {"perf_command", run.perf_command}, {"programs", Json::array()}};
  for (const RecordedProgram& program : run.programs) {
    json["programs"].push_back(
        Json{{"role", program.role}, {"command", program.command}, {"pid", program.pid}, {"status", program.status}});
  }
  return json;
}

Result<ProgramRun> programs_from_json(const Json& json) {
  ProgramRun run;
  auto recording = plain_file_name(json.at("recording"));
  if (!recording) return pass_on(recording);
  run.recording = std::move(*recording);
  run.perf_command = json.at("perf_command").get<std::vector<std::string>>();
  for (const Json& item : json.at("programs")) {
    run.programs.push_back({item.at("role"), item.at("command"), item.at("pid"), item.at("status")});
  }
  return run;
}

Result<RunResult> run_from_json(const Json& json) {
  RunResult run;
  // Before there were variants, there were protocols alone.
  run.variant = json.contains("variant") ? variant_from_json(json.at("variant"))
                                         : variant_of(protocol_from_json(json.at("protocol")));
  run.step.round = json.at("round");
  run.step.watch = watch_from_json(json);
  auto client = end_result_from_json(json.at("client"));
  if (!client) return pass_on(client);
  auto server = end_result_from_json(json.at("server"));
  if (!server) return pass_on(server);
  run.client = std::move(*client);
  run.server = std::move(*server);
  if (json.contains("conditions")) run.conditions = conditions_from_json(json.at("conditions"));
  if (json.contains("topology")) run.topology = topology_named(json.at("topology").get<std::string>());
  if (!is_recorded(run.step.watch)) {
    run.counters = json.at("counters").get<decltype(run.counters)>();
    run.refused_counters = json.at("refused_counters").get<decltype(run.refused_counters)>();
    return run;
  }
  auto recording = plain_file_name(json.at("recording"));
  if (!recording) return pass_on(recording);
  run.recording = std::move(*recording);
  run.perf_command = json.at("perf_command").get<std::vector<std::string>>();
  // Before other workloads were traced, there were known flows alone.
  if (!json.contains("followed")) return run;
  run.followed = value_in(kFollowed, json.at("followed").get<std::string>());
  for (const Json& owner : json.at("owners")) run.owners.push_back(owner_from_json(owner));
  return run;
}

constexpr std::array<std::pair<Watched, std::string_view>, 4> kWatched{{{Watched::kUntraced, "untraced"},
                                                                        {Watched::kCounted, "counted"},
                                                                        {Watched::kTraced, "traced"},
                                                                        {Watched::kNested, "nested"}}};

Contaminant contaminant_named(std::string_view name) {
  constexpr std::array all{Contaminant::kForeignCpu, Contaminant::kTracer, Contaminant::kSteal,
                           Contaminant::kFrequency};
  const auto found = std::ranges::find(all, name, [](Contaminant one) { return name_of(one); });
  return found == all.end() ? all.front() : *found;
}

Json to_json(const DisturbedPair& pair) {
  Json by = Json::array();
  for (const Contamination& one : pair.by) by.push_back(Json{{"contaminant", name_of(one.by)}, {"what", one.what}});
  return {{"round", pair.round},
          {"watched", name_in(kWatched, pair.watched)},
          {"by", std::move(by)},
          {"repeated", pair.is_repeated}};
}

DisturbedPair disturbed_from_json(const Json& json) {
  DisturbedPair pair{.round = json.at("round"),
                     .watched = value_in(kWatched, json.at("watched").get<std::string>()),
                     .by = {},
                     .is_repeated = json.at("repeated")};
  for (const Json& one : json.at("by")) {
    pair.by.push_back({contaminant_named(one.at("contaminant").get<std::string>()), one.at("what")});
  }
  return pair;
}

Result<RunRecord> record_from_json(const Json& json) {
  RunRecord record;
  record.kind = json.at("kind") == "compare" ? Summary::Kind::kCompare : Summary::Kind::kReport;
  record.mode = json.at("mode");
  record.title = json.at("title");
  record.environment = facts_from_json(json.at("environment"));
  record.plan = facts_from_json(json.at("plan"));
  for (const Json& item : json.at("missing")) record.missing.push_back({item.at("what"), item.at("fix")});
  record.interrupted = json.at("interrupted");
  for (const Json& item : json.at("runs")) {
    auto run = run_from_json(item);
    if (!run) return pass_on(run);
    record.runs.push_back(std::move(*run));
  }
  for (const Json& item : json.value("disturbed", Json::array())) record.disturbed.push_back(disturbed_from_json(item));
  if (!json.contains("programs")) return record;
  auto programs = programs_from_json(json.at("programs"));
  if (!programs) return pass_on(programs);
  record.programs = std::move(*programs);
  return record;
}

std::optional<unsigned> number_of(const char* text) {
  if (text == nullptr) return std::nullopt;
  const std::string_view digits(text);
  unsigned number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return parsed.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace

Result<> make_run_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::exists(directory / kRunFile, error)) {
    return fail(ErrorKind::kUsage, "{} holds a run already: choose another directory or remove it", directory.string());
  }
  std::filesystem::create_directories(directory, error);
  if (error || !std::filesystem::is_directory(directory)) {
    return fail(ErrorKind::kEnvironment, "cannot make the directory {}: {}", directory.string(),
                error ? error.message() : "it is a file");
  }
  if (access(directory.c_str(), W_OK) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot write into {}: {}", directory.string(), errno_text(errno));
  }
  return {};
}

Result<> write_file(const std::filesystem::path& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content << std::flush;
  if (file) return {};
  return fail(ErrorKind::kEnvironment, "cannot write {}: {}", path.string(), errno_text(errno));
}

Result<> save_run(const std::filesystem::path& directory, const RunRecord& record) {
  Json json{{"schema", kSchema},
            {"sockscope", kVersion},
            {"kind", record.kind == Summary::Kind::kCompare ? "compare" : "record"},
            {"mode", record.mode},
            {"title", record.title},
            {"environment", to_json(record.environment)},
            {"plan", to_json(record.plan)},
            {"missing", Json::array()},
            {"interrupted", record.interrupted},
            {"runs", Json::array()}};
  for (const Missing& missing : record.missing) {
    json["missing"].push_back(Json{{"what", missing.what}, {"fix", missing.fix}});
  }
  for (const RunResult& run : record.runs) json["runs"].push_back(to_json(run));
  for (const DisturbedPair& pair : record.disturbed) json["disturbed"].push_back(to_json(pair));
  if (record.programs) json["programs"] = to_json(*record.programs);
  return write_file(directory / kRunFile, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Result<RunRecord> load_run(const std::filesystem::path& directory) {
  const auto path = directory / kRunFile;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(ErrorKind::kInput, "{} is not a run directory: no {} in it", directory.string(), kRunFile);
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(ErrorKind::kInput, "{}: not JSON", path.string());
  try {
    const std::string schema = json.at("schema");
    if (schema != kSchema) {
      return fail(ErrorKind::kInput, "{}: schema {}, but this sockscope reads {}: use the version that wrote it",
                  path.string(), schema, kSchema);
    }
    auto record = record_from_json(json);
    if (!record) return fail(ErrorKind::kInput, "{}: {}", path.string(), record.error().message);
    return record;
  } catch (const Json::exception& error) {
    return fail(ErrorKind::kInput, "{}: {}", path.string(), error.what());
  }
}

void give_to_invoker(const std::filesystem::path& path) {
  const auto uid = number_of(std::getenv("SUDO_UID"));
  const auto gid = number_of(std::getenv("SUDO_GID"));
  if (geteuid() != 0 || !uid || !gid) return;
  // Whoever cannot be given his files can still read them: no reason to fail.
  (void)lchown(path.c_str(), *uid, *gid);
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(path, ignored)) {
    (void)lchown(entry.path().c_str(), *uid, *gid);
  }
}

Result<TemporaryDirectory> TemporaryDirectory::make() {
  std::error_code error;
  const auto base = std::filesystem::temp_directory_path(error);
  if (error) return fail(ErrorKind::kEnvironment, "no temporary directory: {}; set TMPDIR", error.message());
  std::string name = (base / "sockscope-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    return fail(ErrorKind::kEnvironment, "cannot make a directory in {}: {}", base.string(), errno_text(errno));
  }
  return TemporaryDirectory(name);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace sockscope
