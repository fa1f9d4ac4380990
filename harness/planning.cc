#include "harness/planning.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/cpu_list.h"
#include "workloads/samples.h"
#include "workloads/workload_table.h"

namespace sockscope {
namespace {

std::optional<int> cpu_number(std::string_view text) {
  int cpu = -1;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), cpu);
  const bool is_number = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && cpu >= 0;
  return is_number ? std::optional(cpu) : std::nullopt;
}

Result<> place_ends(WorkloadSpec& spec, std::string_view cpus, const std::vector<int>& allowed) {
  spec.client_cpu = spec.server_cpu = allowed.front();
  if (cpus.empty()) return {};
  const auto comma = cpus.find(',');
  const auto client = cpu_number(cpus.substr(0, comma));
  const auto server = cpu_number(comma == std::string_view::npos ? "" : cpus.substr(comma + 1));
  if (!client || !server) {
    return fail(ErrorKind::kUsage, "--cpus {}: expected two CPU numbers, client and server, such as 0,1", cpus);
  }
  for (const int cpu : {*client, *server}) {
    if (std::ranges::find(allowed, cpu) == allowed.end()) {
      return fail(ErrorKind::kUsage, "--cpus {}: CPU {} is not allowed here, choose from {}", cpus, cpu,
                  cpu_list_text(allowed));
    }
  }
  spec.client_cpu = *client;
  spec.server_cpu = *server;
  return {};
}

/// One numeric address for both ends, or the client's and the server's.
Result<> bind_ends(SocketOptions& socket, const std::string& bind) {
  const auto comma = bind.find(',');
  socket.client_address = bind.substr(0, comma);
  socket.server_address = comma == std::string::npos ? bind : bind.substr(comma + 1);
  for (const std::string& address : {socket.client_address, socket.server_address}) {
    if (address.empty()) continue;
    if (auto parsed = Address::parse(socket.ip, address, 0); !parsed) {
      return fail(ErrorKind::kUsage, "--bind {}: {}", bind, parsed.error().message);
    }
  }
  return {};
}

/// An option that another workload than the one asked for takes.
Result<> check_workload_takes(const MeasureOptions& options) {
  const WorkloadRow& row = row_of(options.workload);
  struct Given {
    const char* option;
    bool is_given;
    bool is_taken;
    const char* why_not;
  };
  const bool has_size = options.size != 64 || (options.sweep && options.sweep->by == SweptBy::kSize);
  const bool has_amount = options.count || options.duration_s;
  for (const Given& given : {
           Given{"--flows", options.flows.has_value(), row.takes.flows, "has one flow"},
           Given{"--threads", options.threads.has_value(), row.takes.flows, "has the threads that it needs"},
           Given{"--poll", options.poll.has_value(), row.takes.flows, "waits in its own way"},
           Given{"--pattern", options.write_write_read, row.takes.flows, "sends each message in one write"},
           Given{"--inject-delay", options.inject_delay_ns != 0, row.takes.flows, "has no server that could be slower"},
           Given{"--rate", options.rate.has_value(), row.takes.rate, "goes as fast as it is answered"},
           Given{"--file", !options.file.empty(), row.takes.file, "makes up what it sends"},
           Given{"--ports", options.ports.has_value(), row.takes.ports, "has one port"},
           Given{"--size", has_size, row.takes.size, "sends no messages of a size"},
           Given{"--count", has_amount, row.takes.count, "tries each of its --ports once"},
       }) {
    if (given.is_given && !given.is_taken) {
      return fail(ErrorKind::kUsage, "{} is not for the workload {}, which {}", given.option, row.name, given.why_not);
    }
  }
  return {};
}

Result<> check_size(const WorkloadSpec& spec, bool with_udp) {
  if (with_udp && spec.size > WorkloadSpec::kMaxUdpSize) {
    return fail(ErrorKind::kUsage, "--size {} does not fit into a UDP datagram, which holds at most {} bytes",
                spec.size, WorkloadSpec::kMaxUdpSize);
  }
  const WorkloadRow& row = row_of(spec.kind);
  if (spec.size < row.least_size) {
    return fail(ErrorKind::kUsage, "--size {} is too small for the workload {}, which writes {} bytes into a message",
                spec.size, row.name, row.least_size);
  }
  if (spec.write_write_read && spec.size < 4) {
    return fail(ErrorKind::kUsage, "--size {} is too small for --pattern write-write-read, which needs 4 bytes",
                spec.size);
  }
  return {};
}

Result<> check_flows(const WorkloadSpec& spec) {
  if (spec.threads > spec.flows) {
    return fail(ErrorKind::kUsage, "--threads {} are more than --flows {}: a thread needs a flow of its own",
                spec.threads, spec.flows);
  }
  if (spec.poll == PollMode::kBlock && spec.threads < spec.flows) {
    return fail(ErrorKind::kUsage,
                "--flows {} with --poll block: a thread that blocks in one socket cannot serve another; choose --poll "
                "poll, epoll or busy, or as many --threads",
                spec.flows);
  }
  if (spec.poll == PollMode::kBusy && spec.client_cpu == spec.server_cpu) {
    return fail(ErrorKind::kUsage,
                "--poll busy on one CPU: an end that spins would keep the other from answering; give two with --cpus");
  }
  if (spec.inject_delay.count() != 0 && (spec.flows > 1 || spec.poll != PollMode::kBlock)) {
    return fail(ErrorKind::kUsage, "--inject-delay is for one flow with --poll block");
  }
  if (spec.write_write_read && (spec.flows > 1 || spec.poll != PollMode::kBlock)) {
    return fail(ErrorKind::kUsage,
                "--pattern write-write-read is for one flow with --poll block: the stall that it "
                "shows is one of a single connection");
  }
  return {};
}

Result<> check_tcp_options(const SocketOptions& socket, bool with_tcp) {
  if (with_tcp) return {};
  for (const auto& [option, is_given] :
       {std::pair{"--no-nodelay", !socket.nodelay}, std::pair{"--quickack", socket.quickack},
        std::pair{"--cork", socket.cork}, std::pair{"--congestion", !socket.congestion.empty()}}) {
    if (is_given) return fail(ErrorKind::kUsage, "{} is an option of TCP, and only UDP is measured", option);
  }
  return {};
}

Result<> check_topology(const MeasureOptions& options) {
  if (!options.topology) return {};
  for (const auto& [option, is_given] :
       {std::pair{"--bind", !options.bind.empty()}, std::pair{"--device", !options.socket.device.empty()}}) {
    if (!is_given) continue;
    return fail(ErrorKind::kUsage, "{} does not go with --topology {}, which has addresses and devices of its own",
                option, name_of(*options.topology));
  }
  return {};
}

Result<> check_amount(const MeasureOptions& options, const WorkloadSpec& spec) {
  if (!spec.raw_file.empty() && spec.duration) {
    return fail(ErrorKind::kUsage, "--raw needs a --count: the memory for the samples is taken beforehand");
  }
  if (!spec.raw_file.empty() && spec.count > Samples::kMostRaw) {
    return fail(ErrorKind::kUsage, "--raw keeps at most {} samples, and --count is {}", Samples::kMostRaw, spec.count);
  }
  if (spec.file.empty()) return {};
  if (options.count || options.duration_s) {
    return fail(ErrorKind::kUsage, "--file says itself how much is sent: leave out --count and --duration");
  }
  if (access(spec.file.c_str(), R_OK) == 0) return {};
  return fail(ErrorKind::kInput, "cannot read {}: {}", spec.file, errno_text(errno));
}

// Of an interval that does not get narrow: minutes of an ordinary ping-pong.
constexpr unsigned kMostRoundsUntil = 200;

/// Runs in which a message waits for a timer of the kernel: 40 ms for a delayed ACK, 200 ms for a cork.
bool is_slow(const WorkloadSpec& spec) { return spec.socket.cork || (spec.write_write_read && !spec.socket.nodelay); }

void set_amount(const MeasureOptions& options, WorkloadSpec& spec) {
  constexpr std::uint64_t slow_count = 50;
  constexpr std::uint64_t no_limit = 1'000'000'000;
  const WorkloadRow& row = row_of(options.workload);
  const std::uint64_t usual = options.quick ? row.quick_count : row.default_count;
  spec.count = options.count.value_or(is_slow(spec) ? std::min(usual, slow_count) : usual);
  const std::uint64_t little = is_slow(spec) ? slow_count / 10 : row.default_count / 10;
  spec.warm_up = options.has_warm_up ? options.warm_up : std::min(options.warm_up, little);
  if (!options.duration_s) return;
  spec.count = no_limit;
  spec.duration = std::chrono::nanoseconds{static_cast<std::int64_t>(*options.duration_s * 1e9)};
}

Result<WorkloadSpec> make_spec(const MeasureOptions& options, const std::vector<int>& allowed_cpus) {
  WorkloadSpec spec;
  spec.kind = options.workload;
  spec.size = std::max(options.size, options.size == 64 ? row_of(options.workload).least_size : 1);
  spec.port = options.port;
  spec.receive_timeout = std::chrono::milliseconds{options.timeout_ms};
  spec.socket = options.socket;
  spec.fifo = options.fifo;
  spec.seed = options.seed;
  spec.raw_file = options.raw_file;
  spec.flows = options.flows.value_or(options.threads.value_or(1));
  spec.threads = options.threads.value_or(1);
  spec.poll = options.poll.value_or(PollMode::kBlock);
  spec.write_write_read = options.write_write_read;
  spec.inject_delay = std::chrono::nanoseconds{options.inject_delay_ns};
  spec.rate = options.rate.value_or(row_of(options.workload).default_rate);
  spec.file = options.file;
  spec.ports = options.ports.value_or(spec.ports);
  spec.topology = options.topology;
  set_amount(options, spec);
  if (auto bound = bind_ends(spec.socket, options.bind); !bound) return pass_on(bound);
  if (auto placed = place_ends(spec, options.cpus, allowed_cpus); !placed) return pass_on(placed);
  return spec;
}

/// What may be asked of TCP's sockets alone is an error where no TCP is measured.
Result<WorkloadSpec> checked_spec(const VariantOptions& options, bool with_tcp, const std::vector<int>& allowed_cpus) {
  if (auto taken = check_workload_takes(options.measure); !taken) return pass_on(taken);
  auto spec = make_spec(options.measure, allowed_cpus);
  if (!spec) return pass_on(spec);
  spec->protocol = options.variant.protocol;
  for (auto check : {check_size(*spec, spec->protocol == Protocol::kUdp), check_flows(*spec),
                     check_tcp_options(spec->socket, with_tcp), check_amount(options.measure, *spec),
                     check_topology(options.measure)}) {
    if (!check) return pass_on(check);
  }
  return spec;
}

}  // namespace

Result<RunPlan> make_plan(const std::vector<VariantOptions>& variants, bool with_traced,
                          const std::vector<int>& allowed_cpus) {
  const bool with_tcp =
      std::ranges::any_of(variants, [](const auto& one) { return one.variant.protocol == Protocol::kTcp; });
  RunPlan plan;
  for (const VariantOptions& options : variants) {
    auto spec = checked_spec(options, with_tcp, allowed_cpus);
    if (!spec) return pass_on(spec);
    plan.variants.push_back({options.variant, std::move(*spec)});
  }
  const MeasureOptions& common = variants.front().measure;
  const WorkloadRow& row = row_of(common.workload);
  plan.until = common.until;
  const unsigned usual = common.quick ? row.quick_rounds : row.default_rounds;
  plan.rounds = common.rounds.value_or(plan.until ? kMostRoundsUntil : usual);
  plan.steps = interleave(plan.rounds, variants.size(), with_traced, common.seed);
  return plan;
}

}  // namespace sockscope
