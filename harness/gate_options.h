#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

// NOLINTNEXTLINE(readability-identifier-naming): CLI11 chose the name.
namespace CLI {
class App;
}

namespace sockscope {

/// `baseline save`
struct BaselineOptions {
  std::string name;
  std::filesystem::path file;        ///< Empty: where baselines of this machine are kept.
  std::filesystem::path keep;        ///< Run directory to leave behind; empty: none.
  std::filesystem::path benchmarks;  ///< socket_bench's results, instead of a measurement; empty: none.
  std::vector<std::string> plan;     ///< What is measured, as plan_words() has it.
};

struct GateOptions {
  std::string baseline;           ///< As find_baseline() takes it. Empty: a self-test that is not kept.
  std::vector<std::string> plan;  ///< What is changed of the baseline's plan.
  std::optional<double> min_effect;
  unsigned retries = 2;  ///< Measurements beyond the first before the gate says red, or that it cannot tell.
  bool update = false;
  bool self_test = false;
  std::filesystem::path junit;
  std::filesystem::path markdown;
  std::filesystem::path openmetrics;
  std::filesystem::path google_benchmark;
  std::filesystem::path benchmarks;  ///< socket_bench's results, instead of a measurement; empty: none.
  std::filesystem::path keep;        ///< A run directory for each measurement goes into this one; empty: none.
};

/// A command with what it was told. They refer to `options`, which must outlive it.
CLI::App* add_baseline(CLI::App& app, BaselineOptions& options);
CLI::App* add_gate(CLI::App& app, GateOptions& options);

/// What was told, the plan included. kUsage if it does not go together.
Result<BaselineOptions> baseline_options(const CLI::App& command, BaselineOptions options);
Result<GateOptions> gate_options(const CLI::App& command, GateOptions options);

}  // namespace sockscope
