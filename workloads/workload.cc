#include "workloads/workload.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "workloads/echo.h"
#include "workloads/receive_timer.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;

/// The worker's side of the pipes.
class Barrier {
 public:
  Barrier(int commands, int answers) : answers_(answers), commands_(UniqueFd(commands), "sockscope") {}

  Result<> tell(const Json& state) const { return write_all(answers_, state.dump() + "\n", "sockscope"); }

  /// The harness may take its time: perf's start lies in between.
  Result<> wait_for(std::string_view command) {
    auto line = commands_.next({.timeout = std::chrono::hours{24}});
    if (!line) return pass_on(line);
    if (*line == command) return {};
    return fail(ErrorKind::kEnvironment, "expected the command {}, got {}", command, *line);
  }

  /// Returns when the harness closes its end.
  void wait_for_close() {
    while (commands_.next({.timeout = std::chrono::hours{24}})) {
    }
  }

 private:
  int answers_;
  LineReader commands_;
};

Result<UniqueFd> serve(const WorkloadSpec& spec, int server_socket) {
  if (spec.protocol == Protocol::kTcp) return accept_connection(server_socket);
  if (auto connected = connect_to_first_sender(server_socket); !connected) return pass_on(connected);
  return UniqueFd(server_socket);
}

/// Connects and, over UDP, makes itself known, so that the server can connect back before anything is measured.
Result<UniqueFd> reach(const WorkloadSpec& spec, std::uint16_t port) {
  auto socket = connect_to(spec.protocol, port);
  if (!socket || spec.protocol == Protocol::kTcp) return socket;
  const std::vector<std::byte> hello(spec.size);
  if (write(socket->get(), hello.data(), hello.size()) != std::ssize(hello)) {
    return fail(ErrorKind::kEnvironment, "cannot reach the server: {}", errno_text(errno));
  }
  return socket;
}

template <class End>
Result<> run_end(Barrier& barrier, Role role, int socket, const WorkloadSpec& spec) {
  End end(socket, spec);
  if (auto told = barrier.tell({{"state", "up"}, {"role", name_of(role)}, {"tid", gettid()}, {"fd", socket}}); !told) {
    return told;
  }
  if (auto released = barrier.wait_for("warm-up"); !released) return released;
  if (auto warm = end.warm_up(); !warm) return warm;
  if (auto told = barrier.tell({{"state", "warm"}}); !told) return told;
  if (auto released = barrier.wait_for("measure"); !released) return released;
  auto result = end.measure();
  if (!result) return pass_on(result);
  Json answer = to_json(*result);
  answer["state"] = "done";
  if (auto told = barrier.tell(answer); !told) return told;
  barrier.wait_for_close();
  return {};
}

Result<> run_role(Barrier& barrier, Role role, const WorkloadSpec& spec, int server_socket) {
  if (role == Role::kServer) {
    auto socket = serve(spec, server_socket);
    return socket ? run_end<EchoServer>(barrier, role, socket->get(), spec) : pass_on(socket);
  }
  auto timer = ReceiveTimer::start(spec.receive_timeout);
  if (!timer) return pass_on(timer);
  UniqueFd servers(server_socket);
  auto port = local_port(servers.get());
  if (!port) return pass_on(port);
  // The server's alone from here on: if it dies, requests have to be refused and not to wait in a socket of ours.
  servers.reset();
  auto socket = reach(spec, *port);
  return socket ? run_end<EchoClient>(barrier, role, socket->get(), spec) : pass_on(socket);
}

int worker_main(Role role, const WorkloadSpec& spec, int server_socket, int commands, int answers) {
  Barrier barrier(commands, answers);
  auto done = run_role(barrier, role, spec, server_socket);
  if (done) return 0;
  // If not even this arrives, the harness sees the process end.
  const auto told = barrier.tell({{"state", "failed"}, {"message", done.error().message}});
  return told ? 1 : 2;
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

}  // namespace

Result<Worker> Worker::start(Role role, const WorkloadSpec& spec, int server_socket) {
  auto to_worker = Pipe::open();
  if (!to_worker) return pass_on(to_worker);
  auto from_worker = Pipe::open();
  if (!from_worker) return pass_on(from_worker);
  const int commands = to_worker->read_end.get();
  const int answers = from_worker->write_end.get();
  const std::string name = fmt::format("echo-{}", name_of(role));
  auto process = ChildProcess::run({.name = name,
                                    .keep_fds = {commands, answers, server_socket},
                                    .cpus = {role == Role::kClient ? spec.client_cpu : spec.server_cpu}},
                                   [&] { return worker_main(role, spec, server_socket, commands, answers); });
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
  return {};
}

Result<> Worker::command(std::string_view command) {
  return write_all(commands_.get(), fmt::format("{}\n", command), fmt::format("the {}", name_of(identity_.role)));
}

Result<> Worker::wait_until_warm(const WaitLimits& limits) {
  auto state = next_state(answers_, "warm", identity_.role, limits);
  return state ? Result<>{} : pass_on(state);
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
  auto socket = bind_server(spec.protocol, spec.port);
  if (!socket) return pass_on(socket);
  auto server = Worker::start(Role::kServer, spec, socket->get());
  if (!server) return pass_on(server);
  auto client = Worker::start(Role::kClient, spec, socket->get());
  if (!client) return pass_on(client);
  Workload workload(std::move(*server), std::move(*client));
  // The client first: if it cannot connect, the server waits in vain and only the client knows why.
  for (Worker* worker : {&workload.client_, &workload.server_}) {
    if (auto up = worker->wait_until_up(limits); !up) return pass_on(up);
  }
  return workload;
}

Result<> Workload::warm_up(const WaitLimits& limits) {
  for (Worker* worker : {&server_, &client_}) {
    if (auto told = worker->command("warm-up"); !told) return told;
  }
  for (Worker* worker : {&client_, &server_}) {
    if (auto warm = worker->wait_until_warm(limits); !warm) return warm;
  }
  return {};
}

Result<Workload::Results> Workload::measure(const WaitLimits& limits) {
  // The server first, so that it waits in its receive when the client's first request comes.
  for (Worker* worker : {&server_, &client_}) {
    if (auto told = worker->command("measure"); !told) return pass_on(told);
  }
  auto client = client_.wait_for_result(limits);
  if (!client) return pass_on(client);
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
