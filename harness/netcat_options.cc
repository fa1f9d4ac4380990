#include "harness/netcat_options.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "workloads/netcat/port_list.h"

namespace sockscope {
namespace {

// poll(2) takes its time-out as an int of milliseconds.
constexpr int kLongestTimeout = std::numeric_limits<int>::max() / 1000;
constexpr int kLargestBuffer = 1 << 30;

std::optional<std::chrono::seconds> seconds_of(std::optional<int> count) {
  if (!count) return std::nullopt;
  return std::chrono::seconds{*count};
}

}  // namespace

/// What the command line said, before ports and addresses are told apart.
struct NetcatCommandLine::Words {
  netcat::Options options;
  const CLI::Option* ipv4 = nullptr;
  const CLI::Option* ipv6 = nullptr;
  bool udp = false;
  bool detached = false;
  std::string source_host;
  std::string source_port;
  std::optional<int> timeout_s;
  std::optional<int> quit_delay_s;
  int interval_s = 0;
  std::vector<std::string> operands;

  void add_flags(CLI::App& command);
  void add_values(CLI::App& command);
  [[nodiscard]] int family(const CLI::App& command) const;
  [[nodiscard]] Result<> check() const;
  Result<> take_listening_address(netcat::Options& to) const;
  Result<> take_destination(netcat::Options& to) const;
};

void NetcatCommandLine::Words::add_flags(CLI::App& command) {
  ipv4 = command.add_flag("-4")->description("Use IPv4 addresses only");
  ipv6 = command.add_flag("-6")->description("Use IPv6 addresses only");
  const auto flag = [&](const char* name, bool& value, const char* help) {
    command.add_flag(name, value, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  };
  flag("-d", detached, "Do not read standard input");
  flag("-k", options.keep_listening, "Listen for another connection when one is completed (with -l)");
  flag("-l", options.listen, "Listen for a connection instead of making one");
  flag("-N", options.shut_down_at_input_end, "Shut the socket down for sending at the end of standard input");
  flag("-n", options.numeric_only, "Look up no names, of hosts or of services");
  flag("-t", options.refuse_telnet_options, "Answer telnet's option negotiation, refusing");
  flag("-u", udp, "UDP instead of TCP");
  flag("-v", options.verbose, "Say what happens on standard error");
  flag("-z", options.scan, "Only see whether the ports are open");
}

void NetcatCommandLine::Words::add_values(CLI::App& command) {
  command.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  command.add_option("-I", options.buffers.receive_bytes, "Size of the socket's receive buffer")
      ->check(CLI::Range(1, kLargestBuffer))
      ->type_name("BYTES");
  command.add_option("-i", interval_s, "Rest behind each line that is sent")
      ->check(CLI::Range(0, std::numeric_limits<int>::max()))
      ->type_name("SECONDS");
  command.add_option("-O", options.buffers.send_bytes, "Size of the socket's send buffer")
      ->check(CLI::Range(1, kLargestBuffer))
      ->type_name("BYTES");
  command.add_option("-p", source_port, "The local port")->type_name("PORT");
  command.add_option("-q", quit_delay_s, "-N, and end so long after the connection is over; negative: no -N")
      ->type_name("SECONDS");
  command.add_option("-s", source_host, "The local address")->type_name("ADDRESS");
  command.add_option("-w", timeout_s, "Give up when a connect takes longer, or when nothing happens for so long")
      ->check(CLI::Range(0, kLongestTimeout))
      ->type_name("SECONDS");
  command.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("OPERANDS", operands, "HOST PORT..., each a number, LOW-HIGH or a name; with -l: [HOST] PORT")
      ->type_name("");
}

/// The last one counts, as with getopt(3).
int NetcatCommandLine::Words::family(const CLI::App& command) const {
  int family = AF_UNSPEC;
  for (const CLI::Option* option : command.parse_order()) {
    if (option == ipv4) family = AF_INET;
    if (option == ipv6) family = AF_INET6;
  }
  return family;
}

Result<> NetcatCommandLine::Words::check() const {
  if (options.listen && options.scan) return fail(ErrorKind::kUsage, "cannot use -z and -l");
  if (options.keep_listening && !options.listen) return fail(ErrorKind::kUsage, "must use -l with -k");
  return {};
}

Result<> NetcatCommandLine::Words::take_listening_address(netcat::Options& to) const {
  const bool by_option = !source_port.empty() || !source_host.empty();
  if (operands.size() > (by_option ? 0U : 2U)) {
    return fail(ErrorKind::kUsage, "with -l the address is [HOST] PORT, or -p PORT and -s HOST");
  }
  const std::string& port = operands.empty() ? source_port : operands.back();
  if (port.empty()) return fail(ErrorKind::kUsage, "missing port number");
  to.host = operands.size() == 2 ? operands.front() : source_host;
  auto number = netcat::local_port_of(port, to.protocol);
  if (!number) return pass_on(number);
  to.ports = {*number};
  return {};
}

Result<> NetcatCommandLine::Words::take_destination(netcat::Options& to) const {
  if (operands.empty()) return fail(ErrorKind::kUsage, "missing host and port number");
  if (operands.size() == 1) return fail(ErrorKind::kUsage, "missing port number");
  to.host = operands.front();
  for (std::size_t i = 1; i < operands.size(); ++i) {
    auto ports = netcat::ports_of(operands[i], to.protocol);
    if (!ports) return pass_on(ports);
    to.ports.insert(to.ports.end(), ports->begin(), ports->end());
  }
  to.source_host = source_host;
  if (source_port.empty()) return {};
  auto number = netcat::local_port_of(source_port, to.protocol);
  if (!number) return pass_on(number);
  to.source_port = *number;
  return {};
}

NetcatCommandLine::NetcatCommandLine(CLI::App& app) : words_(std::make_unique<Words>()) {
  auto* const command = app.add_subcommand("nc", "netcat: TCP and UDP connections, standard input to standard output");
  words_->add_flags(*command);
  words_->add_values(*command);
  command->footer(
      "Behaves as OpenBSD netcat does; docs/netcat.md says where it differs.\n"
      "Exit status: 0 connected; 1 not, or as netcat ends; 2 usage.");
  command_ = command;
}

NetcatCommandLine::~NetcatCommandLine() = default;

bool NetcatCommandLine::parsed() const { return command_->parsed(); }

Result<netcat::Options> NetcatCommandLine::options() const {
  if (auto sound = words_->check(); !sound) return pass_on(sound);
  netcat::Options options = words_->options;
  options.protocol = words_->udp ? Protocol::kUdp : Protocol::kTcp;
  options.family = words_->family(*command_);
  options.read_input = !words_->detached;
  options.interval = std::chrono::seconds{words_->interval_s};
  options.timeout = seconds_of(words_->timeout_s);
  if (words_->quit_delay_s >= 0) options.quit_delay = seconds_of(words_->quit_delay_s);
  const auto taken = options.listen ? words_->take_listening_address(options) : words_->take_destination(options);
  if (!taken) return std::unexpected(taken.error());
  return options;
}

}  // namespace sockscope
