#include "harness/network_lab.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <string_view>
#include <utility>

#include "base/child_process.h"
#include "base/line_reader.h"
#include "harness/environment.h"
#include "harness/lab_leftovers.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

constexpr std::array kCopied{"/proc/sys/net/bridge/bridge-nf-call-iptables",
                             "/proc/sys/net/bridge/bridge-nf-call-ip6tables",
                             "/proc/sys/net/bridge/bridge-nf-call-arptables"};

/// A file of which a program that we start can read the text, by that path.
struct TextFile {
  UniqueFd fd;
  std::string path;
};

Result<TextFile> text_file(std::string_view text) {
  TextFile file{.fd = UniqueFd(memfd_create("sockscope", MFD_CLOEXEC)), .path = {}};
  if (!file.fd) return fail(ErrorKind::kEnvironment, "cannot make a file in memory: {}", errno_text(errno));
  if (auto written = write_all(file.fd.get(), text, "a file in memory"); !written) return pass_on(written);
  file.path = fmt::format("/proc/self/fd/{}", file.fd.get());
  return file;
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

/// Runs ip or nft, which read `text`.
Result<> run_program(std::vector<std::string> command, std::string_view package, std::string_view text,
                     const WaitLimits& limits) {
  constexpr int not_found = 127;
  auto file = text_file(text);
  if (!file) return pass_on(file);
  command.push_back(file->path);
  auto output = output_of(command, limits, {file->fd.get()});
  if (!output) return pass_on(output);
  if (output->status == 0) return {};
  if (output->status == not_found) {
    return fail(ErrorKind::kEnvironment, "{} is not installed: apt-get install {}", command.front(), package);
  }
  return fail(ErrorKind::kEnvironment, "{}", first_line(output->text));
}

void write_sysctl(const std::string& path, std::string_view value) {
  std::ofstream file(path);
  file << value << std::flush;  // What a kernel has not got needs no setting.
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

Result<> pause_for(std::chrono::milliseconds time, int interrupt_fd) {
  pollfd polled{.fd = interrupt_fd, .events = POLLIN, .revents = 0};
  if (poll(&polled, 1, static_cast<int>(time.count())) != 1) return {};
  return fail(ErrorKind::kInterrupted, "interrupted");
}

/// Whether a datagram reaches the server's namespace and what its kernel answers, that nobody listens there, comes
/// back.
Result<bool> is_reachable(const Address& server, IpVersion version) {
  auto socket = open_socket(Protocol::kUdp, {.ip = version});
  if (!socket) return pass_on(socket);
  if (connect_socket(socket->get(), server) != 0 || send(socket->get(), "?", 1, 0) != 1) return false;
  constexpr int patience_ms = 20;
  pollfd polled{.fd = socket->get(), .events = POLLIN, .revents = 0};
  if (poll(&polled, 1, patience_ms) != 1) return false;
  char byte = 0;
  return recv(socket->get(), &byte, sizeof byte, MSG_DONTWAIT) < 0 && errno == ECONNREFUSED;
}

}  // namespace

Result<NetworkLab> NetworkLab::make(Topology topology, IpVersion version, const WaitLimits& limits) {
  const auto named = [topology](const Error& error) {
    return fail(error.kind, "{}: {}", name_of(topology), error.message);
  };
  auto client = NetworkNamespace::make();
  if (!client) return named(client.error());
  NetworkLab lab(std::move(*client), lab_plan(topology, version));
  for (const bool is_wanted : {lab.plan_.has_server, lab.plan_.has_middle}) {
    if (!is_wanted) continue;
    auto other = NetworkNamespace::make();
    if (!other) return named(other.error());
    lab.others_.push_back(std::move(*other));
  }
  if (auto silent = lab.silence(); !silent) return named(silent.error());
  if (auto made = lab.set_up(limits); !made) return named(made.error());
  if (auto reached = lab.wait_until_reachable(version, limits); !reached) return named(reached.error());
  return lab;
}

int NetworkLab::fd_of(LabPlace place) const {
  if (place == LabPlace::kMiddle) return others_.back().fd();
  return place == LabPlace::kClient || !plan_.has_server ? client_.fd() : others_.front().fd();
}

void NetworkLab::apply_to(WorkloadSpec& spec) const {
  spec.client_namespace = fd_of(LabPlace::kClient);
  spec.server_namespace = fd_of(LabPlace::kServer);
  spec.socket.server_address = plan_.server_address;
}

/// Before there are devices: nothing is to speak up by itself, and bridges and TCP are to be as they are outside.
Result<> NetworkLab::silence() const {
  std::vector<std::pair<std::string, std::string>> settings{
      {"/proc/sys/net/ipv6/conf/default/accept_ra", "0"},
      {"/proc/sys/net/ipv6/conf/default/autoconf", "0"},
      {"/proc/sys/net/ipv6/conf/default/router_solicitations", "0"},
      {"/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1"},
      {"/proc/sys/net/ipv4/ip_forward", "1"},
      {"/proc/sys/net/ipv6/conf/all/forwarding", "1"},
      {"/proc/sys/net/ipv4/tcp_congestion_control", first_line_of("/proc/sys/net/ipv4/tcp_congestion_control")}};
  for (const char* const path : kCopied) settings.emplace_back(path, first_line_of(path));
  std::vector<int> namespaces{client_.fd()};
  for (const NetworkNamespace& other : others_) namespaces.push_back(other.fd());
  for (const int fd : namespaces) {
    const auto there = InNamespace::enter(fd);
    if (!there) return std::unexpected(there.error());
    for (const auto& [path, value] : settings) write_sysctl(path, value);
  }
  return {};
}

/// Commands in a row that are given in the same place are one run of ip.
Result<> NetworkLab::set_up(const WaitLimits& limits) const {
  std::string commands;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    const LabStep& step = plan_.steps[i];
    commands += step.command + "\n";
    const bool is_last = i + 1 == plan_.steps.size() || plan_.steps[i + 1].place != step.place;
    if (!is_last) continue;
    if (auto done = run_ip(step.place, std::exchange(commands, {}), limits); !done) return done;
  }
  return plan_.nft.empty() ? Result<>{} : run_nft(limits);
}

Result<> NetworkLab::run_ip(LabPlace place, const std::string& commands, const WaitLimits& limits) const {
  std::string text = commands;
  for (const auto& [name, of] : {std::pair{"@client", LabPlace::kClient}, std::pair{"@server", LabPlace::kServer}}) {
    const std::string path = fmt::format("/proc/{}/fd/{}", getpid(), fd_of(of));
    replace_all(text, name, path);
  }
  const auto there = InNamespace::enter(fd_of(place));
  if (!there) return std::unexpected(there.error());
  auto done = run_program({"ip", "-batch"}, "iproute2", text, limits);
  if (done || !done.error().message.contains("Unknown device type")) return done;
  return fail(ErrorKind::kEnvironment, "this kernel has no such type of device ({})", plan_.needs);
}

Result<> NetworkLab::run_nft(const WaitLimits& limits) const {
  const auto there = InNamespace::enter(fd_of(LabPlace::kMiddle));
  if (!there) return std::unexpected(there.error());
  auto done = run_program({"nft", "-f"}, "nftables", plan_.nft, limits);
  if (done) return done;
  return fail(done.error().kind, "{} (it needs {})", done.error().message, plan_.needs);
}

/// Bridges and the states of devices settle within milliseconds; what is learned on the way is known afterwards.
Result<> NetworkLab::wait_until_reachable(IpVersion version, const WaitLimits& limits) const {
  constexpr int most_tries = 250;
  constexpr std::uint16_t discard = 9;
  const auto server = Address::parse(version, plan_.server_address, discard);
  if (!server) return std::unexpected(server.error());
  const auto there = InNamespace::enter(client_.fd());
  if (!there) return std::unexpected(there.error());
  for (int tries = 0; tries < most_tries; ++tries) {
    auto reached = is_reachable(*server, version);
    if (!reached) return pass_on(reached);
    if (*reached) return {};
    if (auto waited = pause_for(std::chrono::milliseconds{2}, limits.interrupt_fd); !waited) return waited;
  }
  return fail(ErrorKind::kEnvironment,
              "its devices are there, but no datagram gets from end to end: does a firewall "
              "of this kernel's default rules drop it?");
}

Result<> NetworkLabs::apply_to(WorkloadSpec& spec, const WaitLimits& limits) {
  if (!spec.topology) return {};
  const std::pair key{*spec.topology, spec.socket.ip};
  if (labs_.empty()) end_left_over("/proc");
  auto lab = labs_.find(key);
  if (lab == labs_.end()) {
    auto made = NetworkLab::make(key.first, key.second, limits);
    if (!made) return pass_on(made);
    lab = labs_.emplace(key, std::move(*made)).first;
  }
  lab->second.apply_to(spec);
  return {};
}

Result<RunPlan> connected_plan(const RunPlan& plan, NetworkLabs& labs, int interrupt_fd) {
  RunPlan connected = plan;
  for (PlannedVariant& one : connected.variants) {
    if (auto applied = labs.apply_to(one.workload, {.interrupt_fd = interrupt_fd}); !applied) return pass_on(applied);
  }
  return connected;
}

}  // namespace sockscope
