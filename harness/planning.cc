#include "harness/planning.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/cpu_list.h"

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
  const auto server = comma == std::string_view::npos ? std::nullopt : cpu_number(cpus.substr(comma + 1));
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

std::string placement_of(const WorkloadSpec& spec) {
  return spec.client_cpu == spec.server_cpu
             ? fmt::format("both ends on CPU {}", spec.client_cpu)
             : fmt::format("client on CPU {}, server on CPU {}", spec.client_cpu, spec.server_cpu);
}

std::string amount_of(const WorkloadSpec& spec) {
  return spec.duration ? fmt::format("{:g} s", static_cast<double>(spec.duration->count()) / 1e9)
                       : fmt::format("{} round trips", spec.count);
}

}  // namespace

Result<RunPlan> make_plan(const MeasureOptions& options, std::span<const Protocol> protocols, bool with_traced,
                          const std::vector<int>& allowed_cpus) {
  const bool with_udp = std::ranges::find(protocols, Protocol::kUdp) != protocols.end();
  if (with_udp && options.size > WorkloadSpec::kMaxUdpSize) {
    return fail(ErrorKind::kUsage, "--size {} does not fit into a UDP datagram, which holds at most {} bytes",
                options.size, WorkloadSpec::kMaxUdpSize);
  }
  RunPlan plan;
  plan.workload.size = options.size;
  plan.workload.warm_up = options.warm_up;
  plan.workload.port = options.port;
  plan.workload.receive_timeout = std::chrono::milliseconds{options.timeout_ms};
  plan.workload.count =
      options.count.value_or(options.quick ? MeasureOptions::kQuickCount : MeasureOptions::kDefaultCount);
  if (options.duration_s) {
    constexpr std::uint64_t no_limit = 1'000'000'000;
    plan.workload.count = no_limit;
    plan.workload.duration = std::chrono::nanoseconds{static_cast<std::int64_t>(*options.duration_s * 1e9)};
  }
  if (auto placed = place_ends(plan.workload, options.cpus, allowed_cpus); !placed) return pass_on(placed);
  plan.rounds = options.rounds.value_or(options.quick ? 1 : MeasureOptions::kDefaultRounds);
  plan.steps = interleave(plan.rounds, protocols, with_traced);
  return plan;
}

std::string title_of(const RunPlan& plan) {
  return fmt::format("echo of {} bytes, {}, {} round{} of {}", plan.workload.size, placement_of(plan.workload),
                     plan.rounds, plan.rounds == 1 ? "" : "s", amount_of(plan.workload));
}

Facts facts_of(const RunPlan& plan) {
  return {{"workload", "echo"},
          {"size", fmt::format("{} bytes", plan.workload.size)},
          {"amount", fmt::format("{} a run, after {} to warm up", amount_of(plan.workload), plan.workload.warm_up)},
          {"placement", placement_of(plan.workload)},
          {"rounds", fmt::format("{}, protocols and tracing alternating", plan.rounds)}};
}

}  // namespace sockscope
