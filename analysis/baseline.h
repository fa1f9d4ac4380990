#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/gate_figures.h"

namespace sockscope {

/// A figure as the baseline has it, with the limit that the self-test gave it.
struct BaselineFigure {
  GateFigure figure;
  /// Of a count: the tolerance. Of a time: the smallest effect that its interval can be told from, as 0.05. Absent
  /// without a self-test.
  std::optional<double> limit;

  bool operator==(const BaselineFigure&) const = default;
};

/// What the gate found out about itself on this machine: identical runs against each other, and runs with a delay put
/// into the server's loop.
struct SelfTest {
  std::string made;                 ///< When.
  unsigned rounds = 0;              ///< Identical ones, which were split in halves.
  unsigned splits = 0;              ///< Each half a baseline, the other one judged against it.
  double false_alarm_rate = 0;      ///< Of the splits in which some figure was red, before any repetition.
  double smallest_change = 0;       ///< In time, caught in 80 % of the splits, as 0.07.
  std::uint64_t injected_ns = 0;    ///< The delay that was put in for real; 0: none.
  double injected_change = 0;       ///< What it came to in the figure that changed least,
  double injected_caught_rate = 0;  ///< and in how many of the splits it was red.

  bool operator==(const SelfTest&) const = default;
};

/// What later measurements are held against: how to measure the same again, on which machine it was measured, and what
/// came of it.
struct Baseline {
  std::string name;
  std::string made;               ///< "2026-11-26 02:40 UTC"
  std::string title;              ///< What was measured how, in one line.
  std::vector<std::string> plan;  ///< The options of `compare` that make the same plan again, as words.
  std::vector<std::pair<std::string, std::string>> machine;
  std::vector<BaselineFigure> figures;
  std::optional<SelfTest> self_test;
  /// Part of the rounds without a trace that something else disturbed, and that are in the figures.
  double disturbed = 0;

  bool operator==(const Baseline&) const = default;
};

}  // namespace sockscope
