#include "harness/measure_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "workloads/workload_table.h"

namespace sockscope {
namespace {

constexpr std::uint64_t kMostRoundTrips = 100'000'000;
constexpr double kLongestDuration = 3'600;
constexpr double kHighestRate = 10'000'000;
constexpr std::uint32_t kLargestBuffer = 1U << 30;
constexpr const char* kSocket = "Sockets";
constexpr const char* kNetwork = "Network";
constexpr const char* kOfOneWorkload = "Of one workload";

std::vector<std::string> workload_names() {
  std::vector<std::string> names;
  for (const WorkloadRow& row : workload_table()) names.emplace_back(row.name);
  return names;
}

std::string workload_help() {
  std::string text = "What the ends do:";
  for (const WorkloadRow& row : workload_table()) {
    text += fmt::format("{} {}, {}", &row == workload_table().data() ? "" : ";", row.name, row.what);
  }
  return text;
}

template <class Value>
struct Choice {
  const char* word;
  Value value;
};

constexpr auto kPolicies = std::to_array<Choice<bool>>({{"other", false}, {"fifo", true}});
constexpr auto kPollModes = std::to_array<Choice<PollMode>>(
    {{"block", PollMode::kBlock}, {"poll", PollMode::kPoll}, {"epoll", PollMode::kEpoll}, {"busy", PollMode::kBusy}});
constexpr auto kOnOff = std::to_array<Choice<bool>>({{"on", true}, {"off", false}});
constexpr auto kPatterns = std::to_array<Choice<bool>>({{"write-read", false}, {"write-write-read", true}});

/// An option that takes one of some words, the first of which is the default. The choices have to outlive the command.
CLI::Option* add_choice(CLI::App& command, const char* name, const auto& choices, auto& target, const char* help) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& choice : choices) words.emplace_back(choice.word);
  return command
      .add_option_function<std::string>(
          name,
          [&choices, &target](const std::string& word) {
            target = std::ranges::find(choices, word, [](const auto& choice) { return choice.word; })->value;
          },
          help)
      ->check(CLI::IsMember(words))
      ->default_str(words.front());
}

/// An option of one value or of a list of them; only one option may have a list.
template <SweptBy By, class Value>
CLI::Option* add_swept(CLI::App& command, auto& target, MeasureOptions& options, const std::string& help) {
  return command
      .add_option_function<std::vector<Value>>(
          fmt::format("--{}", name_of(By)),
          [&target, &options](const std::vector<Value>& values) {
            target = values.front();
            if (values.size() == 1) return;
            if (options.sweep) {
              throw CLI::ValidationError(
                  fmt::format("--{}", name_of(By)),
                  fmt::format("a list, and --{} has one, too: only one may", name_of(options.sweep->by)));
            }
            options.sweep = SweptOption{.by = By, .values = {values.begin(), values.end()}};
          },
          help + "; a list measures one after the other")
      ->delimiter(',')
      ->allow_extra_args(false);
}

void add_amount(CLI::App& command, MeasureOptions& options) {
  add_swept<SweptBy::kSize, std::uint32_t>(command, options.size, options, "Bytes of a message")
      ->check(CLI::Range(std::uint32_t{1}, WorkloadSpec::kMaxSize))
      ->type_name("BYTES")
      ->default_str("64");
  auto* count = command
                    .add_option("--count", options.count,
                                "Round trips (messages, connections, lines) of a run [echo: 5000; --quick: 2000]")
                    ->check(CLI::Range(std::uint64_t{1}, kMostRoundTrips));
  command.add_option("--duration", options.duration_s, "Seconds of a run, instead of a count")
      ->check(CLI::Range(0.001, kLongestDuration))
      ->excludes(count);
  command
      .add_option_function<std::uint64_t>(
          "--warm-up",
          [&options](std::uint64_t warm_up) {
            options.warm_up = warm_up;
            options.has_warm_up = true;
          },
          "As many before the measured ones, not counted [1000, at most a tenth of the default count]")
      ->check(CLI::Range(std::uint64_t{0}, kMostRoundTrips));
  command.add_option("--timeout", options.timeout_ms, "Milliseconds after which a round trip counts as lost")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Of what is drawn at random: payloads, the order of ports")
      ->capture_default_str();
  command.add_option("--raw", options.raw_file, "Write every untraced time to FILE, as: tcp rtt NANOSECONDS")
      ->type_name("FILE");
}

void add_placement(CLI::App& command, MeasureOptions& options) {
  command.add_option("--cpus", options.cpus, "CPUs of client and server, as 0,1 [both on the first allowed CPU]")
      ->type_name("CLIENT,SERVER");
  add_choice(command, "--sched", kPolicies, options.fifo,
             "Scheduling policy of the ends; fifo: nobody but a real-time task takes their CPU");
  command.add_option("--port", options.port, "Port of the server [one that is free]")->check(CLI::Range(1, 65535));
}

void add_socket_options(CLI::App& command, SocketOptions& socket, std::string& bind) {
  auto* nodelay =
      add_choice(command, "--nodelay", kOnOff, socket.nodelay,
                 "TCP_NODELAY: small segments go at once; off leaves Nagle's algorithm on, which holds them back");
  command
      .add_flag_callback(
          "--no-nodelay", [&socket] { socket.nodelay = false; },
          "Leave Nagle's algorithm on, which holds small segments back")
      ->excludes(nodelay)
      ->group(kSocket);
  nodelay->group(kSocket);
  command.add_flag("--quickack", socket.quickack, "TCP_QUICKACK, anew after each receive: acknowledge at once")
      ->group(kSocket);
  command.add_flag("--cork", socket.cork, "TCP_CORK: only full segments, or after 200 ms")->group(kSocket);
  command.add_option("--congestion", socket.congestion, "TCP_CONGESTION, such as cubic [the system's]")
      ->type_name("NAME")
      ->group(kSocket);
  command.add_option("--send-buffer", socket.send_buffer, "SO_SNDBUF in bytes [the system's]")
      ->check(CLI::Range(1U, kLargestBuffer))
      ->type_name("BYTES")
      ->group(kSocket);
  command.add_option("--receive-buffer", socket.receive_buffer, "SO_RCVBUF in bytes [the system's]")
      ->check(CLI::Range(1U, kLargestBuffer))
      ->type_name("BYTES")
      ->group(kSocket);
  command.add_option("--busy-poll", socket.busy_poll_us, "SO_BUSY_POLL in microseconds")
      ->check(CLI::Range(0U, 1'000'000U))
      ->type_name("US")
      ->group(kSocket);
  command
      .add_option_function<unsigned>(
          "--dscp", [&socket](unsigned dscp) { socket.dscp = static_cast<std::uint8_t>(dscp); },
          "Differentiated services code point, 0 to 63")
      ->check(CLI::Range(0U, 63U))
      ->type_name("N")
      ->group(kSocket);
  auto* v4 =
      command.add_flag_callback("-4", [&socket] { socket.ip = IpVersion::kV4; }, "IPv4 [the default]")->group(kSocket);
  command.add_flag_callback("-6", [&socket] { socket.ip = IpVersion::kV6; }, "IPv6")->excludes(v4)->group(kSocket);
  command.add_option("--bind", bind, "Addresses of client and server, or one for both [loopback]")
      ->type_name("CLIENT,SERVER")
      ->group(kSocket);
  command.add_option("--device", socket.device, "Only through this interface (SO_BINDTODEVICE)")
      ->type_name("NAME")
      ->group(kSocket);
}

void add_options_of_one_workload(CLI::App& command, MeasureOptions& options) {
  add_swept<SweptBy::kFlows, std::uint32_t>(command, options.flows, options, "echo: sockets at each end [1]")
      ->check(CLI::Range(1U, 100'000U))
      ->type_name("N")
      ->group(kOfOneWorkload);
  command.add_option("--threads", options.threads, "echo: threads at each end, which share the flows [1]")
      ->check(CLI::Range(1U, 1'000U))
      ->type_name("N")
      ->group(kOfOneWorkload);
  add_choice(command, "--poll", kPollModes, options.poll, "echo: how an end waits for a message")
      ->group(kOfOneWorkload);
  add_choice(command, "--pattern", kPatterns, options.write_write_read,
             "echo: a request in one write, or in two of half of it")
      ->group(kOfOneWorkload);
  command
      .add_option("--inject-delay", options.inject_delay_ns,
                  "echo: nanoseconds that the server is busy before each answer, to see whether a gate notices")
      ->check(CLI::Range(0U, 1'000'000'000U))
      ->type_name("NS")
      ->group(kOfOneWorkload);
  add_swept<SweptBy::kRate, double>(command, options.rate, options, "message, rate: messages a second")
      ->check(CLI::Range(0.1, kHighestRate))
      ->type_name("N")
      ->group(kOfOneWorkload);
  command.add_option("--file", options.file, "stream: send this file")->type_name("FILE")->group(kOfOneWorkload);
  command.add_option("--ports", options.ports, "scan: ports, every other one of which is open [100]")
      ->check(CLI::Range(2U, 20'000U))
      ->type_name("N")
      ->group(kOfOneWorkload);
}

void add_topology(CLI::App& command, MeasureOptions& options) {
  std::vector<std::string> names;
  names.reserve(kTopologies.size());
  for (const Topology topology : kTopologies) names.emplace_back(name_of(topology));
  command
      .add_option_function<std::string>(
          "--topology", [&options](const std::string& name) { options.topology = topology_named(name); },
          "Put the ends into network namespaces of their own, joined by this [none: this machine's lo]")
      ->check(CLI::IsMember(names))
      ->group(kNetwork);
}

}  // namespace

void add_measure_options(CLI::App& command, MeasureOptions& options) {
  command
      .add_option_function<std::string>(
          "--workload",
          [&options](const std::string& name) {
            if (const WorkloadRow* row = find_workload(name)) options.workload = row->kind;
          },
          workload_help())
      ->check(CLI::IsMember(workload_names()))
      ->default_str("echo");
  add_amount(command, options);
  add_placement(command, options);
  add_socket_options(command, options.socket, options.bind);
  add_topology(command, options);
  add_options_of_one_workload(command, options);
}

MeasureOptions with_value(const MeasureOptions& options, SweptBy by, double value) {
  MeasureOptions one = options;
  switch (by) {
    case SweptBy::kSize:
      one.size = static_cast<std::uint32_t>(value);
      break;
    case SweptBy::kRate:
      one.rate = value;
      break;
    case SweptBy::kFlows:
      one.flows = static_cast<std::uint32_t>(value);
      break;
  }
  return one;
}

}  // namespace sockscope
