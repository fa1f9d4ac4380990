#include "harness/perf_command.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>

namespace sockscope {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;
constexpr std::size_t kSmallestBuffer = 8 * kMegabyte;
constexpr std::size_t kLargestBuffer = 512 * kMegabyte;
// Measured on 6.18: about 48 records of about 100 bytes for a round trip of 64 bytes over TCP.
constexpr std::uint64_t kBytesPerRoundTrip = 6'000;
// With call chains, and the events of `stacks`: 57 records of about 290 bytes for the same.
constexpr std::uint64_t kTimesForStacks = 4;
constexpr std::uint64_t kBytesPerSegment = 1'600;
constexpr std::uint32_t kSegment = 16'384;

// As a shell reports them: a program that is not there, and one that a signal ended.
constexpr int kNotFound = 127;
constexpr int kSignalled = 128;
// perf's own: 129 for a command line that it does not understand, and negative errnos, which are 255 and downwards.
constexpr int kPerfUsage = 129;
constexpr int kLastSignal = kSignalled + 31;

constexpr std::array kScopes{Scope::kContext, Scope::kAnywhere, Scope::kTarget, Scope::kSwitch};

std::string_view first_line_with(std::string_view text, std::string_view part) {
  const auto at = text.find(part);
  if (at == std::string_view::npos) return {};
  const auto begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

/// The first line that says something: perf likes to put "Error:" on a line of its own.
std::string_view first_telling_line(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.empty() && !line.ends_with(':')) return line;
  }
  return {};
}

/// "File /sys/kernel/tracing/events/sched/nosuch not found.": perf cuts the list of events that it quotes short, so
/// that its syntax error need not name the one at fault.
std::string_view unknown_event(std::string_view text) {
  std::string_view line = first_line_with(text, "not found");
  line.remove_prefix(std::min(line.find("File "), line.size()));
  return line.empty() ? first_telling_line(text) : line;
}

}  // namespace

std::vector<std::string> perf_record_command(const RecordSpec& spec) {
  std::vector<std::string> command{"perf", "record",
                                   // The workload's own clock, so that its times and the trace join.
                                   "-k", "CLOCK_MONOTONIC"};
  // System-wide on the measured CPUs: a switch from idle belongs to no thread of ours (facts: target mode loses it).
  if (spec.cpus.empty()) {
    command.emplace_back("-a");
  } else {
    command.insert(command.end(), {"-C", fmt::format("{}", fmt::join(spec.cpus, ","))});
  }
  command.insert(
      command.end(),
      {"-m", fmt::format("{}M", spec.buffer_bytes / kMegabyte),
       // Nothing is recorded before "enable" comes.
       "-D", "-1", "--control", fmt::format("fd:{},{}", spec.control_fd, spec.acknowledge_fd),
       // PERF_RECORD_SWITCH sees switches from an idle task that sched_switch may not see on virtual machines.
       "--switch-events",
       // Reading the whole file again for build ids serves samples of code addresses, which these events are not.
       "--no-buildid", "--no-buildid-cache", "--synth=task", "-o", spec.output.string()});
  if (spec.with_stacks) command.insert(command.end(), {"--call-graph", "fp"});
  for (const Scope scope : kScopes) {
    std::vector<std::string_view> names;
    for (const EventChoice& event : spec.events) {
      if (event.scope == scope) names.push_back(event.name);
    }
    if (names.empty()) continue;
    // A filter applies to the -e before it, and only to events that have all of its fields.
    command.insert(command.end(), {"-e", fmt::format("{}", fmt::join(names, ","))});
    const std::string filter = spec.tids.empty() ? "" : filter_for(scope, spec.tids);
    if (filter.empty()) {
      command.emplace_back("--exclude-perf");
    } else {
      command.insert(command.end(), {"--filter", filter});
    }
  }
  return command;
}

std::size_t buffer_bytes_for(std::uint64_t round_trips, std::uint32_t message_bytes, bool with_stacks) {
  const std::uint64_t segments = message_bytes / kSegment;
  const std::uint64_t plain = kBytesPerRoundTrip + 2 * segments * kBytesPerSegment;
  const std::uint64_t per_round_trip = with_stacks ? plain * kTimesForStacks : plain;
  // A count far beyond the largest buffer must not overflow on its way to being clamped.
  const std::uint64_t countable = std::min<std::uint64_t>(round_trips, kLargestBuffer);
  return std::clamp(std::bit_ceil(2 * countable * per_round_trip), kSmallestBuffer, kLargestBuffer);
}

std::string explain_perf_failure(int status, std::string_view stderr_text) {
  if (status == kNotFound) return "perf is not installed or not in PATH: apt-get install linux-perf";
  if (stderr_text.contains("unknown tracepoint")) {
    return fmt::format("perf does not know an event (see sockscope doctor): {}", unknown_event(stderr_text));
  }
  if (stderr_text.contains("libtraceevent is necessary")) {
    return "this perf was built without libtraceevent and cannot record tracepoints: apt-get install linux-perf";
  }
  if (stderr_text.contains("Permission error mapping pages") || stderr_text.contains("failed to mmap")) {
    return "perf may not lock that much memory for its buffers: run as root, or raise "
           "/proc/sys/kernel/perf_event_mlock_kb";
  }
  if (stderr_text.contains("ermission") || stderr_text.contains("not permitted") ||
      stderr_text.contains("perf_event_paranoid")) {
    return "perf has no permission to trace: run as root (sudo), or see sockscope doctor";
  }
  if (stderr_text.contains("No space left")) return "the disk is full: perf could not write its recording";
  if (status > kPerfUsage && status <= kLastSignal) {
    return fmt::format("perf record was killed by signal {}: try again, with a smaller --count if memory is short",
                       status - kSignalled);
  }
  const auto line = first_telling_line(stderr_text);
  return fmt::format("perf record failed with status {}: {}", status, line.empty() ? "it gave no reason" : line);
}

}  // namespace sockscope
