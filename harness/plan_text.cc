#include "harness/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "workloads/workload_table.h"

namespace sockscope {
namespace {

std::string placement_of(const WorkloadSpec& spec) {
  return spec.client_cpu == spec.server_cpu
             ? fmt::format("both ends on CPU {}", spec.client_cpu)
             : fmt::format("client on CPU {}, server on CPU {}", spec.client_cpu, spec.server_cpu);
}

std::string amount_of(const WorkloadSpec& spec) {
  if (spec.duration) return fmt::format("{:g} s", static_cast<double>(spec.duration->count()) / 1e9);
  if (!spec.file.empty()) return spec.file;
  return fmt::format("{} {}", spec.count, row_of(spec.kind).unit);
}

/// Options that are not as they are without being asked for, as a fact of the plan.
std::string text_of(const SocketOptions& socket) {
  std::string text;
  const auto add = [&text](const std::string& one) { text += (text.empty() ? "" : ", ") + one; };
  if (!socket.nodelay) add("no nodelay");
  if (socket.quickack) add("quickack");
  if (socket.cork) add("cork");
  if (!socket.congestion.empty()) add("congestion control " + socket.congestion);
  if (socket.send_buffer) add(fmt::format("send buffer {} bytes", *socket.send_buffer));
  if (socket.receive_buffer) add(fmt::format("receive buffer {} bytes", *socket.receive_buffer));
  if (socket.busy_poll_us) add(fmt::format("busy poll {} us", *socket.busy_poll_us));
  if (socket.dscp) add(fmt::format("DSCP {}", *socket.dscp));
  if (socket.ip == IpVersion::kV6) add("IPv6");
  if (!socket.client_address.empty()) add("client " + socket.client_address);
  if (!socket.server_address.empty()) add("server " + socket.server_address);
  if (!socket.device.empty()) add("device " + socket.device);
  return text;
}

std::string_view name_of(PollMode poll) {
  constexpr std::array<std::string_view, 4> names{"block", "poll", "epoll", "busy"};
  return names.at(static_cast<std::size_t>(poll));
}

/// What the options of one workload say, as facts.
void add_workload_facts(const WorkloadSpec& spec, Facts& facts) {
  if (spec.flows > 1 || spec.poll != PollMode::kBlock) {
    facts.emplace_back("flows", fmt::format("{} in {} thread{}, waiting by {}", spec.flows, spec.threads,
                                            spec.threads == 1 ? "" : "s", name_of(spec.poll)));
  }
  if (spec.inject_delay.count() != 0) {
    facts.emplace_back("injected delay", fmt::format("{} ns before each answer", spec.inject_delay.count()));
  }
  if (spec.write_write_read) facts.emplace_back("pattern", "write-write-read");
  if (row_of(spec.kind).takes.rate) facts.emplace_back("rate", fmt::format("{:g} messages a second", spec.rate));
  if (row_of(spec.kind).takes.ports) facts.emplace_back("seed", fmt::format("{}", spec.seed));
  if (spec.fifo) facts.emplace_back("scheduling", "SCHED_FIFO");
  if (const std::string socket = text_of(spec.socket); !socket.empty()) facts.emplace_back("sockets", socket);
}

/// "64 bytes", "100 ports".
std::string subject_of(const WorkloadSpec& spec) {
  const WorkloadTakes& takes = row_of(spec.kind).takes;
  if (takes.ports) return fmt::format("{} ports", spec.ports);
  return takes.size ? fmt::format("{} bytes", spec.size) : "lines";
}

Facts facts_of(const WorkloadSpec& spec) {
  Facts facts{{"workload", std::string(row_of(spec.kind).name)},
              {"size", subject_of(spec)},
              {"amount", fmt::format("{} a run, after {} to warm up", amount_of(spec), spec.warm_up)},
              {"placement", placement_of(spec)}};
  add_workload_facts(spec, facts);
  return facts;
}

/// Adds what `facts` say of one variant: nothing new where another one says the same.
void add_facts(Facts& sum, const Variant& variant, const Facts& facts, const Facts& of_other) {
  for (const auto& [name, value] : facts) {
    const bool is_common = std::ranges::find(of_other, std::pair{name, value}) != of_other.end();
    const std::string common_or_own = is_common ? name : fmt::format("{} of {}", name, variant.label);
    const std::pair<std::string, std::string> fact{common_or_own, value};
    if (std::ranges::find(sum, fact) == sum.end()) sum.push_back(fact);
  }
}

/// What the variants say, once if they all say the same: "64 bytes", "64 bytes and 1400 bytes".
std::string common_or_each(const RunPlan& plan, std::string (*text_of)(const WorkloadSpec&)) {
  std::string text = text_of(plan.variants.front().workload);
  for (const PlannedVariant& one : plan.variants) {
    if (const std::string other = text_of(one.workload); other != text) return fmt::format("{} and {}", text, other);
  }
  return text;
}

}  // namespace

std::string title_of(const RunPlan& plan) {
  return fmt::format("{} of {}, {}, {} round{} of {}", row_of(plan.variants.front().workload.kind).name,
                     common_or_each(plan, subject_of), common_or_each(plan, placement_of), plan.rounds,
                     plan.rounds == 1 ? "" : "s", common_or_each(plan, amount_of));
}

std::string topology_of(const RunPlan& plan) {
  const auto text_of = [](const PlannedVariant& one) {
    const auto& topology = one.workload.topology;
    if (!topology) return std::string("this machine's lo");
    if (*topology == Topology::kLoopback) return std::string("the lo of a network namespace");
    return std::string(name_of(*topology));
  };
  std::string first = text_of(plan.variants.front());
  if (std::ranges::all_of(plan.variants, [&](const PlannedVariant& one) { return text_of(one) == first; })) {
    return first;
  }
  std::string text;
  for (const PlannedVariant& one : plan.variants) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", text_of(one), one.variant.label);
  }
  return text;
}

Facts facts_of(const RunPlan& plan) {
  Facts facts;
  for (const PlannedVariant& one : plan.variants) {
    if (!one.variant.description.empty()) facts.emplace_back(one.variant.label, one.variant.description);
  }
  const Facts of_first = facts_of(plan.variants.front().workload);
  const Facts of_last = facts_of(plan.variants.back().workload);
  add_facts(facts, plan.variants.front().variant, of_first, of_last);
  add_facts(facts, plan.variants.back().variant, of_last, of_first);
  facts.emplace_back("rounds", fmt::format("{}, the order of the variants drawn at random", plan.rounds));
  if (plan.until) facts.emplace_back("until", fmt::format("the median is known within {:g} %", 100 * *plan.until));
  return facts;
}

}  // namespace sockscope
