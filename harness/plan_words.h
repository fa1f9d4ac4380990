#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "harness/options.h"

// NOLINTNEXTLINE(readability-identifier-naming): CLI11 chose the name.
namespace CLI {
class App;
}

/// The options that make a plan, as words: what a baseline keeps, so that a later gate measures the same again.
namespace sockscope {

/// Adds --a and --b: what is compared, instead of TCP and UDP. They refer to `options`, which must outlive the command.
void add_variant_options(CLI::App& command, CompareOptions& options);

/// Adds what `compare` takes to say what is measured. They refer to `options`, which must outlive the command.
void add_plan_options(CLI::App& command, CompareOptions& options);

/// Those of them that were given, in a spelling of their own: "--size=64", "--untraced".
std::vector<std::string> plan_words(const CLI::App& command);

/// kUsage, naming the word, if they make no plan.
Result<CompareOptions> parse_plan(const std::vector<std::string>& words);

/// The stored plan, changed by what is given now: an option that is given takes the place of the stored one, and of
/// those that do not go with it.
Result<std::vector<std::string>> merge_plans(const std::vector<std::string>& stored,
                                             const std::vector<std::string>& given);

}  // namespace sockscope
