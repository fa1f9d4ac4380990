#include "harness/plan_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "harness/measure_options.h"
#include "harness/trace_options.h"

namespace sockscope {
namespace {

constexpr unsigned kMostRounds = 1'000;

/// A command line of nothing but a plan.
struct PlanCommand {
  CompareOptions options;
  CLI::App app;

  PlanCommand() { add_plan_options(app, options); }

  Result<> parse(const std::vector<std::string>& words) {
    try {
      app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the back
    } catch (const CLI::ParseError& error) {
      return fail(ErrorKind::kUsage, "{}: {}", fmt::join(words, " "), error.what());
    }
    return {};
  }
};

bool is_of_a_plan(const CLI::Option& option) {
  static const PlanCommand plan;
  return option.get_name() != "--help" && plan.app.get_option_no_throw(option.get_name()) != nullptr;
}

std::string word_of(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return option.get_name();
  return fmt::format("{}={}", option.get_name(), fmt::join(option.results(), ","));
}

/// Whether the option, or one that excludes it, was given.
bool is_replaced(const CLI::Option& stored, const CLI::App& given) {
  if (given.count(stored.get_name()) > 0) return true;
  return std::ranges::any_of(stored.get_excludes(),
                             [&](const CLI::Option* other) { return given.count(other->get_name()) > 0; });
}

}  // namespace

void add_variant_options(CLI::App& command, CompareOptions& options) {
  auto* a = command
                .add_option("--a", options.a,
                            "Compare this, as 'tcp --no-nodelay': a protocol and options for it alone, with --b")
                ->type_name("WORDS");
  auto* b = command.add_option("--b", options.b, "and this, instead of TCP with UDP")->type_name("WORDS")->needs(a);
  a->needs(b);
}

void add_plan_options(CLI::App& command, CompareOptions& options) {
  add_measure_options(command, options.measure);
  add_variant_options(command, options);
  command.add_option("--rounds", options.measure.rounds, "Rounds; each measures both variants [echo: 40; --quick: 8]")
      ->check(CLI::Range(1U, kMostRounds));
  command
      .add_option_function<double>(
          "--until", [&options](double percent) { options.measure.until = percent / 100; },
          "Rounds until the median is known within this many per cent, at most --rounds [200] of them")
      ->transform([](const std::string& text) { return text.ends_with('%') ? text.substr(0, text.size() - 1) : text; })
      ->check(CLI::Range(0.1, 50.0))
      ->type_name("PERCENT");
  command.add_flag("--quick", options.measure.quick, "A rough answer within seconds: 8 rounds of 2000 round trips");
  command.add_flag("--untraced", options.measure.untraced, "Latency and counters only, without perf");
  add_trace_options(command, options.trace);
}

std::vector<std::string> plan_words(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() > 0 && is_of_a_plan(*option)) words.push_back(word_of(*option));
  }
  return words;
}

Result<CompareOptions> parse_plan(const std::vector<std::string>& words) {
  PlanCommand command;
  if (auto parsed = command.parse(words); !parsed) return pass_on(parsed);
  return command.options;
}

Result<std::vector<std::string>> merge_plans(const std::vector<std::string>& stored,
                                             const std::vector<std::string>& given) {
  PlanCommand before;
  PlanCommand now;
  if (auto parsed = before.parse(stored); !parsed) return pass_on(parsed);
  if (auto parsed = now.parse(given); !parsed) return pass_on(parsed);
  std::vector<std::string> words;
  for (const CLI::Option* option : before.app.get_options()) {
    if (option->count() > 0 && !is_replaced(*option, now.app)) words.push_back(word_of(*option));
  }
  words.insert(words.end(), given.begin(), given.end());
  return words;
}

}  // namespace sockscope
