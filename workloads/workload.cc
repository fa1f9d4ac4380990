#include "workloads/workload.h"

#include <sched.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/network_namespace.h"
#include "workloads/barrier.h"
#include "workloads/receive_timer.h"
#include "workloads/workload_table.h"

namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;

Result<> schedule_fifo() {
  const sched_param lowest{.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_FIFO, &lowest) == 0) return {};
  if (errno == EPERM) return fail(ErrorKind::kEnvironment, "--sched fifo is for root alone: run with sudo");
  return fail(ErrorKind::kEnvironment, "--sched fifo is refused: {}", errno_text(errno));
}

/// Adds the raw samples of this end, a line each: "tcp rtt 13370".
Result<> write_raw(const WorkloadSpec& spec, const EndResult& result) {
  std::ofstream file(spec.raw_file, std::ios::app);
  for (const auto& [name, samples] : result.raw) {
    for (const std::uint64_t ns : samples) file << name_of(spec.protocol) << ' ' << name << ' ' << ns << '\n';
  }
  if (file.flush()) return {};
  return fail(ErrorKind::kEnvironment, "cannot write {}: {}", spec.raw_file, errno_text(errno));
}

int namespace_of(Role role, const WorkloadSpec& spec) {
  return role == Role::kClient ? spec.client_namespace : spec.server_namespace;
}

Result<> run_role(Barrier& barrier, Role role, const WorkloadSpec& spec, ServerSockets& sockets) {
  if (auto moved = move_to_namespace(namespace_of(role, spec)); !moved) return moved;
  if (spec.fifo) {
    if (auto scheduled = schedule_fifo(); !scheduled) return scheduled;
  }
  const WorkloadRow& row = row_of(spec.kind);
  std::optional<ReceiveTimer> timer;
  if (role == Role::kClient) {
    auto started = ReceiveTimer::start(spec.receive_timeout);
    if (!started) return pass_on(started);
    timer.emplace(std::move(*started));
  }
  auto result = (role == Role::kClient ? row.client : row.server)(spec, sockets, barrier);
  if (!result) return pass_on(result);
  result->socket.emplace_back("scheduler", sched_getscheduler(0) == SCHED_FIFO ? "fifo" : "other");
  if (!result->raw.empty()) {
    if (auto written = write_raw(spec, *result); !written) return written;
  }
  if (auto told = barrier.tell_done(*result); !told) return told;
  barrier.wait_for_close();
  return {};
}

int worker_main(Role role, const WorkloadSpec& spec, ServerSockets& sockets, int commands, int answers) {
  constexpr std::chrono::seconds least_patience{2};
  Barrier barrier(commands, answers, least_patience + 5 * spec.receive_timeout);
  auto done = run_role(barrier, role, spec, sockets);
  if (done) return 0;
  // If not even this arrives, the harness sees the process end.
  return barrier.tell_failed(done.error()) ? 1 : 2;
}

/// The worker's next line, which must announce `state`.
Result<Json> next_state(LineReader& answers, std::string_view state, Role role, const WaitLimits& limits) {
  auto line = answers.next(limits);
  if (!line) return pass_on(line);
  Json json = Json::parse(*line, nullptr, false);
  const std::string got = json.is_object() ? json.value("state", "") : "";
  if (got == state) return json;
  if (got == "failed") {
    return fail(ErrorKind::kEnvironment, "the {} failed: {}", name_of(role), json.value("message", "no reason given"));
  }
  return fail(ErrorKind::kEnvironment, "the {} said {} instead of {}", name_of(role), *line, state);
}

/// Where the server is.
Result<ServerSockets> open_sockets(const WorkloadSpec& spec) {
  const auto there = InNamespace::enter(spec.server_namespace);
  if (!there) return std::unexpected(there.error());
  return row_of(spec.kind).open(spec);
}

}  // namespace

Result<Worker> Worker::start(Role role, const WorkloadSpec& spec, ServerSockets& sockets) {
  auto to_worker = Pipe::open();
  if (!to_worker) return pass_on(to_worker);
  auto from_worker = Pipe::open();
  if (!from_worker) return pass_on(from_worker);
  const int commands = to_worker->read_end.get();
  const int answers = from_worker->write_end.get();
  const std::string name = fmt::format("{}-{}", row_of(spec.kind).name, name_of(role));
  std::vector<int> kept{commands, answers};
  if (const int there = namespace_of(role, spec); there >= 0) kept.push_back(there);
  for (const auto* group : {&sockets.open, &sockets.closed}) {
    for (const UniqueFd& socket : *group) kept.push_back(socket.get());
  }
  auto process = ChildProcess::run(
      {.name = name, .keep_fds = kept, .cpus = {role == Role::kClient ? spec.client_cpu : spec.server_cpu}},
      [&] { return worker_main(role, spec, sockets, commands, answers); });
  if (!process) return pass_on(process);
  Worker worker(std::move(*process), std::move(to_worker->write_end),
                LineReader(std::move(from_worker->read_end), "the " + name + " process"));
  worker.identity_.role = role;
  return worker;
}

Result<> Worker::wait_until_up(const WaitLimits& limits) {
  auto state = next_state(answers_, "up", identity_.role, limits);
  if (!state) return pass_on(state);
  identity_.tid = state->value("tid", 0);
  identity_.fd = state->value("fd", -1);
  tids_ = state->value("others", std::vector<pid_t>{});
  tids_.insert(tids_.begin(), identity_.tid);
  return {};
}

Result<> Worker::command(std::string_view command) {
  auto written =
      write_all(commands_.get(), fmt::format("{}\n", command), fmt::format("the {}", name_of(identity_.role)));
  if (written) return {};
  // Who does not listen has ended, and its last line, if it said one, tells why.
  constexpr std::chrono::seconds patience{1};
  auto last = next_state(answers_, "nothing", identity_.role, {.timeout = patience});
  return pass_on(last);
}

Result<> Worker::wait_before(Worker& client, const WaitLimits& limits) const {
  auto client_speaks = wait_readable_either(answers_.fd(), client.answers_.fd(), limits, answers_.peer());
  if (!client_speaks) return pass_on(client_speaks);
  return *client_speaks ? client.wait_until("heard", limits) : Result<>{};
}

Result<> Worker::wait_until(std::string_view state, const WaitLimits& limits) {
  auto said = next_state(answers_, state, identity_.role, limits);
  return said ? Result<>{} : pass_on(said);
}

Result<EndResult> Worker::wait_for_result(const WaitLimits& limits) {
  auto state = next_state(answers_, "done", identity_.role, limits);
  return state ? end_result_from_json(*state) : pass_on(state);
}

Result<> Worker::finish(const WaitLimits& limits) {
  commands_.reset();
  auto status = process_.wait(limits);
  return status ? Result<>{} : pass_on(status);
}

Result<Workload> Workload::start(const WorkloadSpec& spec, const WaitLimits& limits) {
  auto sockets = open_sockets(spec);
  if (!sockets) return pass_on(sockets);
  auto server = Worker::start(Role::kServer, spec, *sockets);
  if (!server) return pass_on(server);
  auto client = Worker::start(Role::kClient, spec, *sockets);
  if (!client) return pass_on(client);
  Workload workload(std::move(*server), std::move(*client));
  if (auto up = workload.client_.wait_until_up(limits); !up) return pass_on(up);
  if (auto waits = workload.server_.wait_before(workload.client_, limits); !waits) return pass_on(waits);
  if (auto up = workload.server_.wait_until_up(limits); !up) return pass_on(up);
  if (auto told = workload.command_both("heard"); !told) return pass_on(told);
  return workload;
}

// The server first, so that it waits in its receive when the client's first request comes.
Result<> Workload::command_both(std::string_view command) {
  for (Worker* worker : {&server_, &client_}) {
    if (auto told = worker->command(command); !told) return told;
  }
  return {};
}

Result<> Workload::wait_until_both_are(std::string_view state, const WaitLimits& limits) {
  if (auto reached = client_.wait_until(state, limits); !reached) return reached;
  if (auto waits = server_.wait_before(client_, limits); !waits) return waits;
  return server_.wait_until(state, limits);
}

std::vector<pid_t> Workload::tids() const {
  std::vector<pid_t> tids = client_.tids();
  tids.insert(tids.end(), server_.tids().begin(), server_.tids().end());
  return tids;
}

Result<> Workload::warm_up(const WaitLimits& limits) {
  if (auto told = command_both("warm-up"); !told) return told;
  if (auto warm = wait_until_both_are("warm", limits); !warm) return warm;
  return command_both("heard");
}

Result<Workload::Results> Workload::measure(const WaitLimits& limits) {
  if (auto told = command_both("measure"); !told) return pass_on(told);
  if (auto measured = wait_until_both_are("measured", limits); !measured) return pass_on(measured);
  if (auto told = client_.command("heard"); !told) return pass_on(told);
  auto client = client_.wait_for_result(limits);
  if (!client) return pass_on(client);
  if (auto told = server_.command("heard"); !told) return pass_on(told);
  auto server = server_.wait_for_result(limits);
  if (!server) return pass_on(server);
  return Results{std::move(*client), std::move(*server)};
}

Result<> Workload::finish(const WaitLimits& limits) {
  for (Worker* worker : {&client_, &server_}) {
    if (auto ended = worker->finish(limits); !ended) return ended;
  }
  return {};
}

}  // namespace sockscope
