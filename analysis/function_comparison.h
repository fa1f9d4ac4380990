#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/function_run.h"

namespace sockscope {

/// From where on a function, or a difference, counts.
struct FunctionRule {
  double min_rate = 0.2;  ///< Hits a message. Handshakes, timers and the kernel's housekeeping lie far below.

  /// What has fewer is absent: a stray interrupt leaves its functions in a few chains of any run.
  [[nodiscard]] double absent_rate() const { return min_rate / 10; }
};

/// One function in both variants.
struct ComparedFunction {
  std::string name;
  std::array<double, 2> rates{};  ///< Hits a message, over all rounds; of A and of B.
  /// The A/A floor: what it differs by, at most, between two rounds of the same variant. A difference between the
  /// variants that is not larger may be the machine's.
  double floor = 0;
  bool differs = false;  ///< Beyond the floor, and by the rule.

  [[nodiscard]] double difference() const { return rates[0] - rates[1]; }
  [[nodiscard]] double highest() const { return rates[0] < rates[1] ? rates[1] : rates[0]; }
  /// A / B; nothing where either is 0.
  [[nodiscard]] std::optional<double> ratio() const;
};

/// What is left out of a comparison, together.
struct LeftOut {
  std::size_t functions = 0;
  std::array<double, 2> rates{};  ///< Hits a message, all of them added up.
};

/// The functions of two variants, each list by rate, the most frequent first.
struct FunctionComparison {
  std::vector<ComparedFunction> only_a;  ///< At least the rule's rate in A, absent in B, and beyond the floor.
  std::vector<ComparedFunction> only_b;
  std::vector<ComparedFunction> both;  ///< At least the rate in one, and not absent in the other.
  /// They would be in one alone, but rounds of the same variant differ as much: they come and go by themselves.
  std::vector<ComparedFunction> unsettled;
  LeftOut rare;     ///< Below the rate in both.
  LeftOut tracing;  ///< The tracing's own.
  std::vector<ComparedFunction> bpf_programs;  ///< At any rate.

  /// Those of `both` that differ.
  [[nodiscard]] std::size_t differing() const;
};

/// Compares the rounds of A with those of B. Runs without messages are ignored. With fewer than two rounds a side there
/// is no floor to know, and nothing differs.
[[nodiscard]] FunctionComparison compare_functions(std::span<const FunctionRun> a, std::span<const FunctionRun> b,
                                                   const FunctionRule& rule);

/// A call chain in both variants: the thread's name, the functions from the outermost in, the event.
struct ComparedStack {
  std::vector<std::string> frames;
  std::array<double, 2> rates{};  ///< Samples a message.
};

/// Every chain there is, in the order of the frames.
[[nodiscard]] std::vector<ComparedStack> compare_stacks(std::span<const FunctionRun> a, std::span<const FunctionRun> b);

}  // namespace sockscope
