#include "harness/functions_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "analysis/function_comparison.h"
#include "harness/plan_words.h"
#include "workloads/workload_table.h"

namespace sockscope {
namespace {

constexpr unsigned kMostRounds = 1'000;
// A call chain to each of some fifty events takes ten times the time and memory of the events alone.
constexpr std::uint64_t kMostByDefault = 1'000;
constexpr unsigned kRounds = 6;
constexpr unsigned kQuickRounds = 4;

void add_what_is_recorded(CLI::App& command, CompareOptions& plan) {
  add_measure_options(command, plan.measure);
  command.get_option("--workload")->default_str("message");
  add_variant_options(command, plan);
  command
      .add_option("--rounds", plan.measure.rounds,
                  "Rounds; each records both variants, and those of one variant tell what differs by itself [6; "
                  "--quick: 4]")
      ->check(CLI::Range(static_cast<unsigned>(kLeastRounds), kMostRounds));
  command.add_flag("--quick", plan.measure.quick, "A rough answer within seconds: 4 rounds of half as many messages");
  command
      .add_option("--events", plan.trace.events,
                  "What is recorded with its call chain: stacks, an event set made for this, or a list, as "
                  "net:netif_rx,sock:sk_data_ready")
      ->type_name("SET|LIST")
      ->capture_default_str()
      ->group("Tracing");
}

/// Options of what is reported; all others are of what is recorded.
bool is_of_report(const CLI::Option& option) {
  constexpr std::array<const char*, 5> names{"DIR", "--min-rate", "--format", "--output", "--help"};
  return std::ranges::any_of(names, [&option](const char* name) { return option.check_name(name); });
}

std::unexpected<Error> usage(std::string_view text) {
  return fail(ErrorKind::kUsage, "{} (see sockscope --help)", text);
}

void fill_in(MeasureOptions& measure) {
  const WorkloadRow& row = row_of(measure.workload);
  if (!measure.count && !measure.duration_s && row.takes.count && measure.file.empty()) {
    measure.count = std::min(row.default_count, kMostByDefault) / (measure.quick ? 2 : 1);
  }
  if (!measure.rounds) measure.rounds = measure.quick ? kQuickRounds : kRounds;
}

}  // namespace

CLI::App* add_functions_command(CLI::App& app, FunctionsOptions& options) {
  auto* command = app.add_subcommand("functions",
                                     "Kernel functions that only TCP, only UDP, or both go through, by hits a message");
  command->footer(
      "Records both with the kernel's call chains, or reads DIR, which an earlier --keep left.\n"
      "A function counts from --min-rate on, a difference if it is larger than between rounds of one variant.");
  command->add_option("DIR", options.directory, "Run directory to report again; nothing is recorded");
  add_what_is_recorded(*command, options.plan);
  command
      ->add_option("--min-rate", options.min_rate,
                   "Hits a message from which on a function, or a difference, counts; a tenth of it is absent")
      ->check(CLI::Range(0.001, 1'000.0))
      ->type_name("RATE")
      ->capture_default_str();
  command
      ->add_option_function<std::string>(
          "--with",
          [&options](const std::string& name) {
            options.capture.with = name == "ftrace" ? FunctionSource::kFtrace : FunctionSource::kPerf;
          },
          "What is counted: perf, events below a function by their call chains; ftrace, its calls, by function_graph")
      ->check(CLI::IsMember({"perf", "ftrace"}))
      ->default_str("perf");
  command
      ->add_option("--filter", options.capture.filter,
                   "With --with ftrace: only calls of these functions, as tcp_sendmsg or udp_* (repeatable)")
      ->type_name("FUNCTION")
      ->allow_extra_args(false);
  command->add_option("--keep", options.plan.keep, "Leave recordings, run.json and functions.json in DIR")
      ->type_name("DIR");
  return command;
}

Result<FunctionsOptions> functions_options(const CLI::App& command, FunctionsOptions options) {
  if (!options.directory.empty()) {
    for (const CLI::Option* option : command.get_options()) {
      if (option->count() == 0 || is_of_report(*option)) continue;
      return usage(fmt::format("functions {}: {} is for recording, and a directory is only read",
                               options.directory.string(), option->get_name()));
    }
    return options;
  }
  MeasureOptions& measure = options.plan.measure;
  if (!measure.raw_file.empty()) {
    return usage("--raw keeps untraced times, and functions measures none: use it with compare");
  }
  if (measure.sweep) {
    return usage(
        fmt::format("functions takes one --{}: a list of them makes a comparison each", name_of(measure.sweep->by)));
  }
  const bool is_of_calls = options.capture.with == FunctionSource::kFtrace;
  if (is_of_calls && command.count("--events") != 0) {
    return usage("--events is for --with perf: ftrace traces calls, of the functions that --filter says");
  }
  if (!is_of_calls && !options.capture.filter.empty()) {
    return usage("--filter is for --with ftrace: with perf, call chains have whatever function was entered");
  }
  fill_in(measure);
  return options;
}

}  // namespace sockscope
