#include "analysis/function_comparison.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string_view>

namespace sockscope {
namespace {

using Sides = std::array<std::span<const FunctionRun>, 2>;
using CountsOfRun = const NamedCounts& (FunctionRun::*)() const;

std::uint64_t count_in(const NamedCounts& counts, std::string_view name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

std::uint64_t messages_of(std::span<const FunctionRun> runs) {
  std::uint64_t messages = 0;
  for (const FunctionRun& run : runs) messages += run.messages();
  return messages;
}

double rate_of(std::uint64_t hits, std::uint64_t messages) {
  return messages == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(messages);
}

double rate_in(std::span<const FunctionRun> runs, CountsOfRun counts, std::string_view name) {
  std::uint64_t hits = 0;
  for (const FunctionRun& run : runs) {
    if (run.messages() != 0) hits += count_in((run.*counts)(), name);
  }
  return rate_of(hits, messages_of(runs));
}

// Rates have heavier tails than a normal distribution's: of 12 comparisons of a variant with itself, of 72 to 93
// functions each, one had a difference beyond the plain largest one, 1.11 times as large (docs/functions.md).
constexpr double kMargin = 1.5;

/// The rounds of one variant: the least and the most of their rates.
struct Range {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
  std::size_t rounds = 0;
};

Range range_in(std::span<const FunctionRun> runs, CountsOfRun counts, std::string_view name) {
  Range range;
  for (const FunctionRun& run : runs) {
    if (run.messages() == 0) continue;
    const double rate = run.per_message(count_in((run.*counts)(), name));
    range.least = std::min(range.least, rate);
    range.most = std::max(range.most, rate);
    ++range.rounds;
  }
  return range;
}

double floor_of(const Range& a, const Range& b) {
  if (std::min(a.rounds, b.rounds) < kLeastRounds) return std::numeric_limits<double>::infinity();
  return kMargin * std::max(a.most - a.least, b.most - b.least);
}

ComparedFunction compared(const Sides& sides, CountsOfRun counts, std::string_view name) {
  const Range a = range_in(sides[0], counts, name);
  const Range b = range_in(sides[1], counts, name);
  return {.name = std::string(name),
          .rates = {rate_in(sides[0], counts, name), rate_in(sides[1], counts, name)},
          .floor = floor_of(a, b),
          .is_apart = std::min(a.rounds, b.rounds) >= kLeastRounds && (a.least > b.most || b.least > a.most)};
}

/// All functions that either side has.
std::vector<ComparedFunction> all_of(const Sides& sides, CountsOfRun counts) {
  std::map<std::string_view, int> names;
  for (const auto& runs : sides) {
    for (const FunctionRun& run : runs) {
      for (const auto& [name, hits] : (run.*counts)()) names.emplace(name, 0);
    }
  }
  std::vector<ComparedFunction> functions;
  functions.reserve(names.size());
  for (const auto& [name, ignored] : names) functions.push_back(compared(sides, counts, name));
  return functions;
}

void leave_out(LeftOut& left_out, const ComparedFunction& function) {
  ++left_out.functions;
  for (std::size_t side = 0; side < left_out.rates.size(); ++side) left_out.rates[side] += function.rates[side];
}

/// The list it belongs to, and whether it differs.
void place(FunctionComparison& comparison, ComparedFunction function, const FunctionRule& rule) {
  if (function.highest() < rule.min_rate) return leave_out(comparison.rare, function);
  const bool in_a = function.rates[0] >= rule.absent_rate();
  const bool in_b = function.rates[1] >= rule.absent_rate();
  if (in_a && in_b) {
    const double difference = std::abs(function.difference());
    function.differs = difference > function.floor && difference >= rule.min_rate;
    comparison.both.push_back(std::move(function));
    return;
  }
  function.differs = function.is_apart;
  auto& list = !function.is_apart ? comparison.unsettled : in_a ? comparison.only_a : comparison.only_b;
  list.push_back(std::move(function));
}

void sort_by_rate(std::vector<ComparedFunction>& functions) {
  std::ranges::stable_sort(functions, std::ranges::greater(), &ComparedFunction::highest);
}

}  // namespace

std::optional<double> ComparedFunction::ratio() const {
  if (rates[0] == 0 || rates[1] == 0) return std::nullopt;
  return rates[0] / rates[1];
}

std::size_t FunctionComparison::differing() const {
  return static_cast<std::size_t>(std::ranges::count(both, true, &ComparedFunction::differs));
}

FunctionComparison compare_functions(std::span<const FunctionRun> a, std::span<const FunctionRun> b,
                                     const FunctionRule& rule) {
  const Sides sides{a, b};
  FunctionComparison comparison;
  for (ComparedFunction& function : all_of(sides, &FunctionRun::hits)) place(comparison, std::move(function), rule);
  for (const ComparedFunction& function : all_of(sides, &FunctionRun::tracing_hits)) {
    leave_out(comparison.tracing, function);
  }
  comparison.bpf_programs = all_of(sides, &FunctionRun::bpf_hits);
  for (auto* list :
       {&comparison.only_a, &comparison.only_b, &comparison.both, &comparison.unsettled, &comparison.bpf_programs}) {
    sort_by_rate(*list);
  }
  return comparison;
}

std::vector<ComparedStack> compare_stacks(std::span<const FunctionRun> a, std::span<const FunctionRun> b) {
  const Sides sides{a, b};
  std::map<std::vector<std::string>, std::array<std::uint64_t, 2>> samples;
  for (std::size_t side = 0; side < sides.size(); ++side) {
    for (const FunctionRun& run : sides[side]) {
      if (run.messages() == 0) continue;
      for (const auto& [stack, count] : run.stacks()) samples[stack][side] += count;
    }
  }
  const std::array<std::uint64_t, 2> messages{messages_of(a), messages_of(b)};
  std::vector<ComparedStack> stacks;
  stacks.reserve(samples.size());
  for (const auto& [frames, counts] : samples) {
    stacks.push_back({.frames = frames, .rates = {rate_of(counts[0], messages[0]), rate_of(counts[1], messages[1])}});
  }
  return stacks;
}

}  // namespace sockscope
