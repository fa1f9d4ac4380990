#include "harness/command_line.h"

#include <fmt/chrono.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/functions_options.h"
#include "harness/netcat_options.h"
#include "harness/plan_words.h"
#include "harness/topologies_options.h"
#include "harness/version.h"

namespace sockscope {
namespace {

constexpr const char* kDescription =
    "sockscope: what one message costs over TCP and over UDP on this machine, where the time goes,\n"
    "and which context switches it causes.";

constexpr const char* kFooter =
    "Exit status: 0 fine; 1 regressed (gate); 2 usage; 3 this machine cannot do it (the message says what to change), "
    "or\n"
    "a recorded program failed; 4 the input is unreadable; 130 interrupted, with what was finished kept.\n"
    "Reports go to stdout or -o FILE, talk to stderr. NO_COLOR is honoured.\n"
    "Example: sudo sockscope compare --size 1400 --cpus 0,1";

constexpr const char* kAnyRecording =
    "Run directory, perf.data file, directory of perf record --threads or of a CTF trace (LTTng), or - for standard "
    "input";

using NamedFormat = std::pair<std::string_view, Format>;

/// All that `report` has: first those of text, then the page, then those of what is in the recordings.
constexpr std::array<NamedFormat, 9> kFormats{{{"table", Format::kTable},
                                               {"json", Format::kJson},
                                               {"html", Format::kHtml},
                                               {"csv", Format::kCsv},
                                               {"jsonl", Format::kJsonLines},
                                               {"perfetto", Format::kPerfetto},
                                               {"ctf", Format::kCtf},
                                               {"folded", Format::kFolded},
                                               {"tree", Format::kTree}}};
constexpr std::span<const NamedFormat> kTextFormats = std::span(kFormats).first<2>();
constexpr std::span<const NamedFormat> kSummaryFormats = std::span(kFormats).first<3>();

void add_output_options(CLI::App& command, OutputOptions& options,
                        std::span<const NamedFormat> formats = kSummaryFormats) {
  std::vector<std::string> names;
  names.reserve(formats.size());
  for (const auto& [name, format] : formats) names.emplace_back(name);
  command
      .add_option_function<std::string>(
          "--format",
          [&options](const std::string& name) {
            options.format = std::ranges::find(kFormats, name, &NamedFormat::first)->second;
          },
          "How to report")
      ->check(CLI::IsMember(names))
      ->default_str("table");
  command.add_option("-o,--output", options.file, "Write the report to FILE instead of stdout")->type_name("FILE");
}

void add_plot_option(CLI::App& command, OutputOptions& options) {
  command.add_flag("--plot", options.plot, "Draw distributions and waterfall as text, instead of the table");
}

constexpr std::array<NamedFormat, 4> kFunctionsFormats{
    {{"table", Format::kTable}, {"json", Format::kJson}, {"folded", Format::kFolded}, {"html", Format::kHtml}}};

CLI::App* add_compare(CLI::App& app, CompareOptions& options) {
  auto* command = app.add_subcommand("compare", "Measure TCP and UDP, traced and untraced, and print the comparison");
  add_plan_options(*command, options);
  add_output_options(*command, options.output);
  add_plot_option(*command, options.output);
  command->add_option("--keep", options.keep, "Leave recordings, run.json and summary.json in DIR")->type_name("DIR");
  return command;
}

/// What `record` is told, of which it records one: a run of our workload, a server and a client, or a program.
struct RecordWords {
  RecordOptions workload;
  ProgramSpec programs;
};

CLI::App* add_record(CLI::App& app, RecordWords& words) {
  RecordOptions& options = words.workload;
  auto* command = app.add_subcommand(
      "record", "Record one traced run, of our workload or of your own programs, into a run directory");
  command->footer(
      "One of:\n"
      "  sockscope record --proto tcp|udp [OPTIONS] DIR\n"
      "  sockscope record --server CMD --client CMD [DIR]\n"
      "  sockscope record [DIR] -- CMD [ARG...]");
  auto* proto =
      command
          ->add_option_function<std::string>(
              "--proto",
              [&](const std::string& name) { options.protocol = name == "udp" ? Protocol::kUdp : Protocol::kTcp; },
              "Record our workload over this protocol")
          ->check(CLI::IsMember({"tcp", "udp"}));
  auto* server = command->add_option("--server", words.programs.server, "Record this shell command, and")
                     ->type_name("CMD")
                     ->excludes(proto);
  auto* client =
      command->add_option("--client", words.programs.client, "this one, which is started as soon as the server listens")
          ->type_name("CMD")
          ->needs(server);
  server->needs(client);
  add_measure_options(*command, options.measure);
  add_trace_options(*command, options.trace);
  command->add_option("DIR", options.directory, "The run directory to make [programs: results/run-TIME]");
  return command;
}

/// "results/run-20261125-181500", in UTC.
std::filesystem::path default_directory() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return std::filesystem::path("results") / fmt::format("run-{:%Y%m%d-%H%M%S}", fmt::gmtime(now));
}

Result<Options> record_options(const CLI::App& command, RecordWords words) {
  const bool has_programs = !words.programs.server.empty() || !words.programs.program.empty();
  const auto usage = [](std::string_view text) {
    return fail(ErrorKind::kUsage, "record {} (see sockscope --help)", text);
  };
  if (!has_programs) {
    if (command.count("--proto") == 0) return usage("needs --proto, or --server and --client, or -- CMD");
    if (words.workload.directory.empty()) return usage("--proto needs DIR, the run directory to make");
    return words.workload;
  }
  if (!words.programs.server.empty() && !words.programs.program.empty()) {
    return usage("takes --server and --client or -- CMD, not both");
  }
  for (const CLI::Option* option : command.get_options()) {
    const bool is_ours = option->check_name("--server") || option->check_name("--client") || option->check_name("DIR");
    if (option->count() == 0 || is_ours) continue;
    return usage(fmt::format("{} is for our own workload: your programs have their own options", option->get_name()));
  }
  if (words.workload.directory.empty()) words.workload.directory = default_directory();
  return RecordProgramsOptions{.programs = words.programs, .directory = words.workload.directory};
}

/// Where the words of `record ... -- CMD` end that are for us: CLI11 would take CMD's for DIR. argc where there is
/// none.
int end_of_our_words(int argc, const char* const* argv) {
  if (argc < 2 || std::string_view(argv[1]) != "record") return argc;
  const auto* const end = argv + argc;
  return static_cast<int>(std::find(argv, end, std::string_view("--")) - argv);
}

CLI::App* add_report(CLI::App& app, ReportOptions& options) {
  auto* command = app.add_subcommand(
      "report", "Analyse a run directory, anyone's perf.data or LTTng trace, or a trace of ftrace's function_graph");
  command->add_option("PATH", options.path, fmt::format("{}; or function_graph text", kAnyRecording))->required();
  add_output_options(*command, options.output, kFormats);
  add_plot_option(*command, options.output);
  return command;
}

CLI::App* add_diff(CLI::App& app, DiffOptions& options) {
  auto* command = app.add_subcommand("diff", "What lies between two runs that were kept, their environments first");
  command->add_option("RUN_A", options.a, "Run directory, as compare --keep leaves it")->required();
  command->add_option("RUN_B", options.b, "The other one")->required();
  add_output_options(*command, options.output);
  return command;
}

/// "1ms", "250us", "2s", "40000ns", whole numbers of at most ten digits. False: it is none of them.
bool parse_duration(std::string_view text, std::uint64_t& ns) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> units{
      {{"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}}};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  constexpr std::size_t most_digits = 10;
  const auto* const unit =
      std::ranges::find(units, text.substr(digits), &std::pair<std::string_view, std::uint64_t>::first);
  if (digits == 0 || digits > most_digits || unit == units.end()) return false;
  const std::string_view number = text.substr(0, digits);
  std::from_chars(number.data(), number.data() + number.size(), ns);
  ns *= unit->second;
  return true;
}

CLI::App* add_slow(CLI::App& app, SlowOptions& options) {
  auto* command = app.add_subcommand("slow", "The slowest messages, each with where its time was lost and why");
  command->add_option("PATH", options.path, kAnyRecording)->required();
  command->add_option("--top", options.top, "So many of them")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option_function<std::string>(
          "--over",
          [&](const std::string& text) {
            if (!parse_duration(text, options.over_ns)) {
              throw CLI::ValidationError("--over", text + " is no time: a whole number and ns, us, ms or s, as 1ms");
            }
          },
          "Only those that took so long: 1ms, 250us")
      ->type_name("TIME");
  add_output_options(*command, options.output, kTextFormats);
  return command;
}

CLI::App* add_functions(CLI::App& app, FunctionsOptions& options) {
  auto* command = add_functions_command(app, options);
  add_output_options(*command, options.plan.output, kFunctionsFormats);
  return command;
}

/// Seconds with up to nine digits behind the point, as perf script takes them. False: they are not.
bool parse_seconds(std::string_view text, std::uint64_t& ns) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, point));
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (digits.empty() || fraction.size() > 9) return false;
  digits.append(fraction).append(9 - fraction.size(), '0');
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ns);
  return error == std::errc{} && end == digits.data() + digits.size();
}

/// "A,B", either of which may be empty. Empty: it is one. Else what is wrong.
std::string parse_window(const std::string& text, EventFilter& filter) {
  const std::size_t comma = text.find(',');
  const auto read = [](std::string_view seconds, std::optional<std::uint64_t>& out) {
    return seconds.empty() || parse_seconds(seconds, out.emplace());
  };
  if (comma == std::string::npos || !read(std::string_view(text).substr(0, comma), filter.from_ns) ||
      !read(std::string_view(text).substr(comma + 1), filter.to_ns)) {
    return "two times in seconds, FROM,TO, either of which may be empty";
  }
  if (filter.from_ns && filter.to_ns && *filter.to_ns < *filter.from_ns) return "it ends before it begins";
  return {};
}

CLI::App* add_events(CLI::App& app, EventsOptions& options) {
  auto* command = app.add_subcommand("events", "Print every event of a recording, in time order, with all its fields");
  command
      ->add_option("FILE", options.path,
                   "perf.data file; directory of a run, of perf record --threads or of a CTF trace (LTTng); or - for "
                   "standard input")
      ->required();
  command->add_option("--event", options.filter.globs, "Only events of this name: a shell pattern (repeatable)")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command->add_option("--tid", options.filter.tids, "Only events of this thread (repeatable)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->allow_extra_args(false);
  command->add_option("--cpu", options.filter.cpus, "Only events of this CPU (repeatable)")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->allow_extra_args(false);
  command
      ->add_option_function<std::string>(
          "--time",
          [&](const std::string& text) {
            const std::string fault = parse_window(text, options.filter);
            if (!fault.empty()) throw CLI::ValidationError("--time", fault);
          },
          "Only events between these seconds of the recording's clock")
      ->type_name("FROM,TO");
  command->add_option("--limit", options.filter.limit, "Stop after this many events")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command
      ->add_option_function<std::string>(
          "--format",
          [&](const std::string& name) {
            options.style = name == "json" ? EventStyle::kJson : name == "csv" ? EventStyle::kCsv : EventStyle::kText;
          },
          "How to print")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->default_str("text");
  command->add_option("-o,--output", options.file, "Write to FILE instead of stdout")->type_name("FILE");
  return command;
}

CLI::App* add_lttng_script(CLI::App& app, LttngScriptOptions& options) {
  auto* command = app.add_subcommand(
      "lttng-script", "Print the shell script that records with LTTng what report needs, on kernels that have it");
  command->add_option("-o,--output", options.file, "Write the script to FILE instead of stdout")->type_name("FILE");
  return command;
}

/// CLI11 words its errors in several lines at times; ours is one sentence.
std::string one_sentence(std::string text) {
  for (char& character : text) {
    if (character == '\n') character = ' ';
  }
  while (text.ends_with(' ')) text.pop_back();
  return text + " (see sockscope --help)";
}

template <class Command>
Result<Options> as_options(Result<Command> options) {
  if (!options) return pass_on(options);
  return std::move(*options);
}

/// The commands, in the order of --help, and what was said of each.
struct Commands {
  explicit Commands(CLI::App& app)
      : compare_command(add_compare(app, compare)),
        record_command(add_record(app, record)),
        baseline_command(add_baseline(app, baseline)),
        gate_command(add_gate(app, gate)),
        report_command(add_report(app, report)),
        diff_command(add_diff(app, diff)),
        slow_command(add_slow(app, slow)),
        functions_command(add_functions(app, functions)),
        events_command(add_events(app, events)),
        topologies_command(add_topologies(app, topologies)),
        netcat(app),
        doctor_command(app.add_subcommand("doctor", "Say what this machine can do, each missing thing with its fix")),
        lttng_command(add_lttng_script(app, lttng)) {}

  [[nodiscard]] Result<Options> options() const {
    if (compare_command->parsed()) return compare;
    if (record_command->parsed()) return record_options(*record_command, record);
    if (baseline_command->parsed()) return as_options(baseline_options(*baseline_command, baseline));
    if (gate_command->parsed()) return as_options(gate_options(*gate_command, gate));
    if (report_command->parsed()) return report;
    if (diff_command->parsed()) return diff;
    if (slow_command->parsed()) return slow;
    if (functions_command->parsed()) return as_options(functions_options(*functions_command, functions));
    if (events_command->parsed()) return events;
    if (topologies_command->parsed()) return as_options(topologies_options(topologies));
    if (doctor_command->parsed()) return DoctorOptions{};
    if (lttng_command->parsed()) return lttng;
    if (netcat.parsed()) {
      auto options = netcat.options();
      if (!options) return fail(ErrorKind::kUsage, "nc: {} (see sockscope nc --help)", options.error().message);
      return std::move(*options);
    }
    return fail(
        ErrorKind::kUsage,
        "no command: compare, record, baseline, gate, report, diff, slow, functions, events, topologies, nc, doctor "
        "or lttng-script (see sockscope --help)");
  }

  CompareOptions compare;
  RecordWords record;
  BaselineOptions baseline;
  GateOptions gate;
  ReportOptions report;
  DiffOptions diff;
  SlowOptions slow;
  FunctionsOptions functions;
  EventsOptions events;
  TopologiesOptions topologies;
  LttngScriptOptions lttng;
  const CLI::App* compare_command;
  const CLI::App* record_command;
  const CLI::App* baseline_command;
  const CLI::App* gate_command;
  const CLI::App* report_command;
  const CLI::App* diff_command;
  const CLI::App* slow_command;
  const CLI::App* functions_command;
  const CLI::App* events_command;
  const CLI::App* topologies_command;
  NetcatCommandLine netcat;
  const CLI::App* doctor_command;
  const CLI::App* lttng_command;
};

}  // namespace

Result<Options> parse_command_line(int argc, const char* const* argv) {
  CLI::App app(kDescription, "sockscope");
  app.footer(kFooter);
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", fmt::format("sockscope {}", kVersion));
  app.get_formatter()->column_width(32);
  Commands commands(app);

  // CLI11 reports by exception, help and version included; this is where it becomes a value.
  const int ours = end_of_our_words(argc, argv);
  for (int i = ours + 1; i < argc; ++i) commands.record.programs.program.emplace_back(argv[i]);
  try {
    app.parse(ours, argv);
  } catch (const CLI::CallForVersion& version) {
    return ShowText{fmt::format("{}\n", version.what())};
  } catch (const CLI::CallForHelp&) {
    return ShowText{app.help()};
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::kUsage, "{}", one_sentence(error.what()));
  }
  return commands.options();
}

}  // namespace sockscope
