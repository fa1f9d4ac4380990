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

/// Two rounds are too often alike by chance: were rates normally distributed, one difference in 9 would lie beyond the
/// floor that two of them tell, of three one in 70, of four one in 600, of six one in 50,000.
inline constexpr std::size_t kLeastRounds = 3;

/// One function in both variants.
struct ComparedFunction {
  std::string name;
  std::array<double, 2> rates{};  ///< Hits a message, over all rounds; of A and of B.
  /// The A/A floor: half as much again as it differs by, at most, between two rounds of the same variant. A difference
  /// between the variants that is not larger may be the machine's. Infinite with fewer than kLeastRounds of either.
  double floor = 0;
  /// Each round of one variant has more than any of the other, and there are kLeastRounds of each: no two rounds of the
  /// same variant are as different as A and B.
  bool is_apart = false;
  bool differs = false;  ///< In one alone and apart; or in both and beyond the floor, by what counts.

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
  std::vector<ComparedFunction> only_a;  ///< At least the rule's rate in A, absent in B, and apart.
  std::vector<ComparedFunction> only_b;
  std::vector<ComparedFunction> both;  ///< At least the rate in one, and not absent in the other.
  /// They would be in one alone, but some of its rounds have no more of them than a round of the other: they come and
  /// go by themselves.
  std::vector<ComparedFunction> unsettled;
  LeftOut rare;                                ///< Below the rate in both.
  LeftOut tracing;                             ///< The tracing's own.
  std::vector<ComparedFunction> bpf_programs;  ///< At any rate.

  /// Those of `both` that differ.
  [[nodiscard]] std::size_t differing() const;
};

/// Compares the rounds of A with those of B. Runs without messages are ignored.
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
