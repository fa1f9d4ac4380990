#include "workloads/netcat/netcat.h"

#include <unistd.h>

#include <thread>

#include "workloads/netcat/address.h"
#include "workloads/netcat/listener.h"
#include "workloads/netcat/port_list.h"
#include "workloads/netcat/relay.h"
#include "workloads/netcat/udp_probe.h"

namespace sockscope::netcat {
namespace {

constexpr std::chrono::seconds kProbePatience{3};

class Netcat {
 public:
  Netcat(const Options& options, const Talk& talk) : options_(options), talk_(talk) {}

  /// Every port of the destination in turn: 0 if one of them was there.
  Result<int> connect_to_each() {
    int status = 1;
    for (const std::uint16_t port : options_.ports) {
      auto socket = connect_to(port);
      if (!socket) return pass_on(socket);
      if (!*socket || !is_there(socket->get(), port)) continue;
      status = 0;
      if (options_.scan) continue;
      auto end = relay_over(socket->get(), false);
      if (!end) return pass_on(end);
      if (quits_after(*socket)) break;
    }
    return status;
  }

  Result<int> listen() {
    auto addresses = resolve(question(options_.host, options_.ports.front()));
    if (!addresses) return pass_on(addresses);
    auto listener = listen_at(*addresses, options_.protocol, options_.buffers);
    if (!listener) return pass_on(listener);
    if (auto said = announce_listener(listener->get()); !said) return pass_on(said);
    if (is_udp()) return options_.keep_listening ? hear_all(listener->get()) : hear_one(*listener);
    do {
      auto peer = accept_peer(listener->get());
      if (!peer) return pass_on(peer);
      announce_peer(peer->address);
      auto end = relay_over(peer->socket.get(), true);
      if (!end) return pass_on(end);
      if (quits_after(peer->socket)) break;
    } while (options_.keep_listening);
    return 0;
  }

 private:
  [[nodiscard]] bool is_udp() const { return options_.protocol == Protocol::kUdp; }

  [[nodiscard]] AddressQuestion question(const std::string& host, std::uint16_t port) const {
    return {.host = host,
            .port = port,
            .protocol = options_.protocol,
            .family = options_.family,
            .numeric_only = options_.numeric_only};
  }

  /// A connected socket, or none if no address of the destination could be reached.
  Result<UniqueFd> connect_to(std::uint16_t port) {
    auto addresses = resolve(question(options_.host, port));
    if (!addresses) return pass_on(addresses);
    for (const Address& address : *addresses) {
      auto socket = open_socket(address.family(), options_.protocol, Blocking::kNo);
      if (!socket) continue;  // Of a family that this kernel does not have; another one may do.
      if (auto ready = prepare(socket->get(), address.family()); !ready) return pass_on(ready);
      const auto outcome = connect_within(socket->get(), address, options_.timeout);
      if (outcome.connected == Connected::kYes) {
        destination_ = address;
        return socket;
      }
      announce_failure(address, outcome);
    }
    return UniqueFd();
  }

  Result<> prepare(int socket, int family) {
    if (!options_.source_host.empty() || options_.source_port) {
      auto asked = question(options_.source_host, options_.source_port.value_or(0));
      asked.family = family;
      auto sources = resolve(asked);
      if (!sources) return pass_on(sources);
      if (auto bound = bind_source(socket, sources->front()); !bound) return pass_on(bound);
    }
    return set_buffer_sizes(socket, options_.buffers);
  }

  /// UDP connects to whatever is asked: someone who wants to be told has it probed first.
  bool is_there(int socket, std::uint16_t port) {
    if (!options_.verbose) return true;
    if (is_udp() && !answers_no_refusal(socket, options_.timeout.value_or(kProbePatience))) return false;
    say("Connection to {} {} port [{}/{}] succeeded!", destination_text(destination_), port, name_of(options_.protocol),
        options_.numeric_only ? "*" : service_of(port, options_.protocol));
    return true;
  }

  /// With -q only a TCP client waits for its peer's end.
  Result<RelayEnd> relay_over(int socket, bool serve) {
    const bool quits = options_.quit_delay.has_value();
    return relay({.input = STDIN_FILENO, .output = STDOUT_FILENO, .socket = socket},
                 {.protocol = options_.protocol,
                  .read_input = options_.read_input,
                  .serve = serve,
                  .shut_down_at_input_end = options_.shut_down_at_input_end || quits,
                  .leave_at_input_end = quits && (is_udp() || serve),
                  .refuse_telnet_options = options_.refuse_telnet_options,
                  .empty_datagram_ends = !(is_udp() && options_.keep_listening),
                  .line_interval = options_.interval,
                  .idle_timeout = options_.timeout});
  }

  /// -q ends the program, with -k and before further ports too. 0 is no delay, and no such end.
  bool quits_after(UniqueFd& socket) {
    if (options_.quit_delay.value_or(std::chrono::seconds{0}).count() == 0) return false;
    socket.reset();
    std::this_thread::sleep_for(*options_.quit_delay);
    return true;
  }

  Result<int> hear_one(UniqueFd& socket) {
    auto sender = lock_to_first_sender(socket.get());
    if (!sender) return pass_on(sender);
    announce_peer(*sender);
    auto end = relay_over(socket.get(), true);
    if (!end) return pass_on(end);
    quits_after(socket);
    return 0;
  }

  /// Datagrams of all senders, to none of whom it can answer, for ever.
  Result<int> hear_all(int socket) {
    Result<RelayEnd> end = RelayEnd::kIdle;
    while (end && *end == RelayEnd::kIdle) end = relay_over(socket, true);
    if (!end) return pass_on(end);
    return 0;
  }

  template <class... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) {
    if (options_.verbose) talk_(fmt::format(format, std::forward<Args>(args)...));
  }

  [[nodiscard]] std::string host_text(const Address& address) const {
    return options_.numeric_only ? number_of(address) : name_of(address);
  }

  [[nodiscard]] std::string destination_text(const Address& address) const {
    const std::string number = number_of(address);
    if (options_.numeric_only || number == options_.host) return options_.host;
    return fmt::format("{} ({})", options_.host, number);
  }

  void announce_failure(const Address& address, const ConnectOutcome& outcome) {
    const bool timed_out = outcome.connected == Connected::kTimedOut;
    say("nc: connect to {} port {} ({}) {}: {}", destination_text(address), address.port(), name_of(options_.protocol),
        timed_out ? "timed out" : "failed", errno_text(timed_out ? EINPROGRESS : outcome.error));
  }

  Result<> announce_listener(int socket) {
    if (!options_.verbose) return {};
    auto address = local_address(socket);
    if (!address) return pass_on(address);
    say("{} on {} {}", is_udp() ? "Bound" : "Listening", host_text(*address), address->port());
    return {};
  }

  void announce_peer(const Address& address) {
    if (!options_.verbose) return;  // The name server is asked for it.
    say("Connection received on {} {}", host_text(address), address.port());
  }

  const Options& options_;
  const Talk& talk_;
  Address destination_;
};

}  // namespace

Result<int> run(const Options& options, const Talk& talk) {
  Netcat netcat(options, talk);
  return options.listen ? netcat.listen() : netcat.connect_to_each();
}

}  // namespace sockscope::netcat
