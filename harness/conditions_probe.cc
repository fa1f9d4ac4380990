#include "harness/conditions_probe.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "harness/other_programs.h"
#include "harness/process_tree.h"

namespace sockscope {
namespace {

// Ticks are told in steps: a step at either end may have begun outside.
constexpr std::uint64_t kTicksUncertaintyNs = 20'000'000;

bool contains(const auto& range, const auto& value) { return std::ranges::find(range, value) != range.end(); }

std::uint64_t difference(std::uint64_t larger, std::uint64_t smaller) {
  return larger > smaller ? larger - smaller : 0;
}

}  // namespace

ConditionsProbe::ConditionsProbe(std::vector<int> cpus, std::vector<pid_t> ours, std::filesystem::path root)
    : cpus_(std::move(cpus)), ours_(std::move(ours)), root_(std::move(root)) {
  std::ranges::sort(cpus_);
  // What a softirq does not get done goes on in this thread: packets of the run, for the most part.
  for (const auto& [pid, name] : named_processes(root_)) {
    const bool is_of_cpu =
        std::ranges::any_of(cpus_, [&](int cpu) { return name == fmt::format("ksoftirqd/{}", cpu); });
    if (is_of_cpu) ours_.push_back(pid);
  }
}

ConditionsProbe::Reading ConditionsProbe::read() const {
  Reading reading;
  reading.time = std::chrono::steady_clock::now();
  reading.cpus = cpu_time(cpus_, root_);
  reading.clocks = process_clocks(root_);
  return reading;
}

/// But for those that we started ourselves: our perf.
std::vector<std::string> ConditionsProbe::tracers() const {
  auto processes = named_processes(root_);
  const auto children = descendants_of(getpid());
  std::erase_if(processes, [&](const NamedProcess& process) { return contains(children, process.pid); });
  return tracers_among(processes, root_);
}

void ConditionsProbe::start() {
  tracers_before_ = tracers();
  before_ = read();
}

void ConditionsProbe::stop() {
  after_ = read();
  khz_ = cpu_khz(cpus_, root_);
}

/// What each process took in between. One that was not there before took all of its time in between.
std::map<pid_t, std::uint64_t> ConditionsProbe::grown() const {
  std::map<pid_t, std::uint64_t> grown = after_.clocks;
  for (auto& [pid, ns] : grown) {
    const auto before = before_.clocks.find(pid);
    if (before != before_.clocks.end()) ns = difference(ns, before->second);
  }
  return grown;
}

void ConditionsProbe::add_foreign(RunConditions& conditions) const {
  constexpr std::uint64_t worth_a_look_ns = 100'000;
  std::uint64_t own = 0;
  std::uint64_t others = 0;
  std::uint64_t most = worth_a_look_ns;
  for (const auto& [pid, ns] : grown()) {
    if (contains(ours_, pid)) {
      own += ns;
    } else if (ns > worth_a_look_ns) {
      const LastSeen seen = last_seen(pid, root_);
      if (!contains(cpus_, seen.cpu)) continue;
      others += ns;
      if (ns > most) {
        conditions.busiest = seen.name;
        most = ns;
      }
    }
  }
  if (before_.cpus.run_ns && after_.cpus.run_ns) {
    conditions.foreign_ns = difference(*after_.cpus.run_ns, *before_.cpus.run_ns + own);
    return;
  }
  // Of those that came and went in between only the CPUs' ticks know.
  const std::uint64_t ticked = difference(after_.cpus.ticked_ns, before_.cpus.ticked_ns);
  conditions.foreign_ns = std::max(others, difference(ticked, own + kTicksUncertaintyNs));
}

RunConditions ConditionsProbe::conclude() const {
  RunConditions conditions;
  conditions.wall_ns = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(after_.time - before_.time).count());
  conditions.cpus = cpus_;
  add_foreign(conditions);
  conditions.steal_ns = difference(after_.cpus.steal_ns, before_.cpus.steal_ns);
  conditions.cpu_khz = khz_;
  conditions.tracers = tracers_before_;
  for (std::string& tracer : tracers()) {
    if (!contains(conditions.tracers, tracer)) conditions.tracers.push_back(std::move(tracer));
  }
  return conditions;
}

}  // namespace sockscope
