#pragma once

#include "base/error.h"
#include "harness/options.h"

// NOLINTNEXTLINE(readability-identifier-naming): CLI11 chose the name.
namespace CLI {
class App;
}

namespace sockscope {

/// Adds the command `topologies`. Its options refer to `options`, which must outlive it.
CLI::App* add_topologies(CLI::App& app, TopologiesOptions& options);

/// What was said, checked: kUsage for what makes no sense of all topologies.
Result<TopologiesOptions> topologies_options(const TopologiesOptions& options);

}  // namespace sockscope
