#include "harness/gate_options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <string_view>

#include "harness/plan_words.h"

namespace sockscope {
namespace {

constexpr unsigned kMostRetries = 20;
constexpr const char* kBenchmarksHelp =
    "Measure nothing: take socket_bench's results from FILE (--benchmark_out, JSON)";

/// "5%" or "5" as 0.05.
std::optional<double> part_of_percent(std::string_view text) {
  if (text.ends_with('%')) text.remove_suffix(1);
  double percent = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return percent > 0 && percent <= 1000 ? std::optional(percent / 100) : std::nullopt;
}

void add_file(CLI::App& command, const char* name, std::filesystem::path& target, const char* help) {
  command.add_option(name, target, help)->type_name("FILE");
}

/// The options of a plan are read again from their words: here they are only checked.
CompareOptions& checked_only() {
  static CompareOptions options;
  return options;
}

std::unexpected<Error> no_plan_beside_benchmarks() {
  return fail(ErrorKind::kUsage, "--benchmarks measures nothing: leave out what says how to measure");
}

}  // namespace

CLI::App* add_baseline(CLI::App& app, BaselineOptions& options) {
  auto* command = app.add_subcommand("baseline", "Measure and keep the figures that later runs are held against");
  command->footer("sockscope baseline save NAME [-o FILE] [OPTIONS of compare]");
  command->add_option("ACTION", "save")->required()->check(CLI::IsMember({"save"}));
  command->add_option("NAME", options.name, "What to call it, such as one-cpu")->required();
  command->add_option("-o,--output", options.file, "The file to write [results/baselines/NAME.MACHINE.json]")
      ->type_name("FILE");
  command->add_option("--keep", options.keep, "Leave recordings, run.json and summary.json in DIR")->type_name("DIR");
  add_file(*command, "--benchmarks", options.benchmarks, kBenchmarksHelp);
  add_plan_options(*command, checked_only());
  return command;
}

CLI::App* add_gate(CLI::App& app, GateOptions& options) {
  auto* command =
      app.add_subcommand("gate", "Measure a baseline's plan again and say whether something got worse: exit status 1");
  command->footer(
      "Options of compare change the baseline's plan, so that a change can be judged.\n"
      "Exit status: 0 unchanged or better; 1 regressed; 2 usage; 3 cannot tell (too noisy, another machine or\n"
      "kernel, lost events); 4 unreadable baseline; 130 interrupted.");
  command->add_option("--baseline", options.baseline, "The baseline: its file, its directory or its name")
      ->type_name("FILE|DIR|NAME");
  command
      ->add_option_function<std::string>(
          "--min-effect",
          [&options](const std::string& text) {
            options.min_effect = part_of_percent(text);
            if (!options.min_effect) throw CLI::ValidationError("--min-effect", "a percentage, such as 5%");
          },
          "The smallest change of a time that matters [the self-test's, or 5%]")
      ->type_name("PERCENT");
  command->add_option("--retries", options.retries, "Measure so often again before saying red or cannot-tell")
      ->check(CLI::Range(0U, kMostRetries))
      ->capture_default_str();
  command->add_flag("--update", options.update, "Make what is measured the baseline, and print what changed");
  command->add_flag(
      "--self-test", options.self_test,
      "Find out how often this gate is wrong on this machine, and what it catches; kept with the baseline");
  add_file(*command, "--junit", options.junit, "Write a JUnit report to FILE");
  add_file(*command, "--markdown", options.markdown, "Write a Markdown summary to FILE");
  add_file(*command, "--openmetrics", options.openmetrics, "Write OpenMetrics to FILE, for node_exporter");
  add_file(*command, "--google-benchmark", options.google_benchmark,
           "Write the runs to FILE as Google Benchmark does, for its compare.py");
  command->add_option("--keep", options.keep, "Leave a run directory of each measurement in DIR")->type_name("DIR");
  add_file(*command, "--benchmarks", options.benchmarks, kBenchmarksHelp);
  add_plan_options(*command, checked_only());
  return command;
}

Result<BaselineOptions> baseline_options(const CLI::App& command, BaselineOptions options) {
  options.plan = plan_words(command);
  if (!options.benchmarks.empty() && !(options.plan.empty() && options.keep.empty()))
    return no_plan_beside_benchmarks();
  if (options.name.contains('/')) {
    return fail(ErrorKind::kUsage, "baseline: {} is no name; a file is chosen with -o", options.name);
  }
  return options;
}

Result<GateOptions> gate_options(const CLI::App& command, GateOptions options) {
  options.plan = plan_words(command);
  if (options.baseline.empty() && !options.self_test) {
    return fail(ErrorKind::kUsage, "gate needs --baseline FILE|DIR|NAME, or --self-test (see sockscope --help)");
  }
  const bool measures = !options.plan.empty() || options.self_test || !options.keep.empty();
  if (!options.benchmarks.empty() && measures) return no_plan_beside_benchmarks();
  if (options.self_test && options.update) {
    return fail(ErrorKind::kUsage, "gate: --self-test and --update each measure for themselves, give one of them");
  }
  return options;
}

}  // namespace sockscope
