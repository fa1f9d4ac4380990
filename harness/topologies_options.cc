#include "harness/topologies_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "workloads/workload_table.h"

namespace sockscope {

CLI::App* add_topologies(CLI::App& app, TopologiesOptions& options) {
  constexpr unsigned most_rounds = 1'000;
  auto* command = app.add_subcommand(
      "topologies", "Measure TCP and UDP over every network topology that this kernel has, and what each costs");
  add_measure_options(*command, options.measure);
  // Round trips over all of them, which have their own addresses, and raw times of which nobody would know whose.
  for (const char* const name : {"--topology", "--workload", "--raw", "--bind", "--device"}) {
    command->remove_option(command->get_option(name));
  }
  add_trace_options(*command, options.trace);
  command->add_option("--rounds", options.measure.rounds, "Rounds; each measures all of them [20; --quick: 8]")
      ->check(CLI::Range(1U, most_rounds));
  command->add_flag("--quick", options.measure.quick, "A rough answer: 8 rounds of 2000 round trips");
  command->add_flag("--functions", options.with_functions,
                    "And the kernel functions that each adds, by call chains: some minutes more");
  command->add_flag("--untraced", options.measure.untraced, "Latency only");
  command
      ->add_option_function<std::string>(
          "--format",
          [&options](const std::string& name) {
            options.output.format = name == "json" ? Format::kJson : Format::kTable;
          },
          "How to report")
      ->check(CLI::IsMember({"table", "json"}))
      ->default_str("table");
  command->add_option("-o,--output", options.output.file, "Write the report to FILE instead of stdout")
      ->type_name("FILE");
  return command;
}

Result<TopologiesOptions> topologies_options(const TopologiesOptions& options) {
  const auto usage = [](std::string_view text) {
    return fail(ErrorKind::kUsage, "topologies {} (see sockscope --help)", text);
  };
  if (options.with_functions && options.measure.untraced)
    return usage("traces for --functions, which --untraced forbids");
  if (options.measure.sweep) return usage(fmt::format("takes one --{}", name_of(options.measure.sweep->by)));
  return options;
}

}  // namespace sockscope
