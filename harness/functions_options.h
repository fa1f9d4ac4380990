#pragma once

#include "base/error.h"
#include "harness/options.h"

// NOLINTNEXTLINE(readability-identifier-naming): CLI11 chose the name.
namespace CLI {
class App;
}

namespace sockscope {

/// Adds the command, without the options of its output. It refers to `options`, which must outlive it.
CLI::App* add_functions_command(CLI::App& app, FunctionsOptions& options);

/// What was asked for, the defaults filled in. kUsage, naming the option, if the options make no sense together.
Result<FunctionsOptions> functions_options(const CLI::App& command, FunctionsOptions options);

}  // namespace sockscope
