// Prints the tables of docs/statistics.md: statistics_tables [RUNS.csv]

#include <fmt/core.h>

#include <cmath>
#include <cstdio>
#include <exception>

#include "analysis/bootstrap.h"
#include "analysis/run_modes.h"
#include "analysis/run_values.h"
#include "tests/statistics_study/machine_model.h"
#include "tests/statistics_study/recorded_runs.h"
#include "tests/statistics_study/tally.h"

namespace sockscope::test {
namespace {

constexpr std::size_t kComparisons = 300;

PairSource on_machine(const MachineModel& model, double effect) {
  return [runs = MachineRuns(model, 1), effect](std::size_t pairs) mutable { return runs.pairs(pairs, effect); };
}

struct Estimator {
  const char* name;
  /// The logarithm of the ratio, from the runs of A, of B, and the logarithms of the pairs' ratios.
  std::function<double(const RunValues& a, const RunValues& b, const RunValues& ratios, TimesDrawn drawn)> log_ratio;
};

std::vector<Estimator> estimators() {
  std::vector<Estimator> all;
  all.push_back({"mean of the pairs' log ratios", [](auto&, auto&, auto& ratios, auto d) { return ratios.mean(d); }});
  all.push_back(
      {"median of the pairs' ratios", [](auto&, auto&, auto& ratios, auto d) { return ratios.quantile(0.5, d); }});
  all.push_back({"ratio of means", [](auto& a, auto& b, auto&, auto d) { return std::log(a.mean(d) / b.mean(d)); }});
  for (const double share : {0.5, 0.3, 0.25, 0.2, 0.1}) {
    static const std::map<double, const char*> names = {{0.5, "ratio of medians"},
                                                        {0.3, "ratio of what 30 % are faster than"},
                                                        {0.25, "the same of 25 %"},
                                                        {0.2, "the same of 20 %"},
                                                        {0.1, "the same of 10 %"}};
    all.push_back({names.at(share), [share](auto& a, auto& b, auto&, auto d) {
                     return std::log(a.quantile(share, d) / b.quantile(share, d));
                   }});
  }
  return all;
}

/// As compare_pairs() judges, with another estimator.
PairedComparison judged(const std::vector<RunPair>& pairs, const Estimator& estimator) {
  std::vector<double> a;
  std::vector<double> b;
  std::vector<double> ratios;
  for (const RunPair& pair : pairs) {
    a.push_back(pair.a);
    b.push_back(pair.b);
    ratios.push_back(std::log(pair.a / pair.b));
  }
  const RunValues a_runs(a);
  const RunValues b_runs(b);
  const RunValues pair_ratios(ratios);
  const Estimate log = Resamples(pairs.size(), 1).estimate([&](TimesDrawn drawn) {
    return estimator.log_ratio(a_runs, b_runs, pair_ratios, drawn);
  });
  PairedComparison comparison;
  comparison.ratio = {.value = std::exp(log.value),
                      .ci95 = Interval{.low = std::exp(log.ci95->low), .high = std::exp(log.ci95->high)}};
  const double same = std::log(1.02);
  if (log.ci95->low >= -same && log.ci95->high <= same) {
    comparison.verdict = Verdict::kNoDifference;
  } else if (log.ci95->low > 0) {
    comparison.verdict = Verdict::kBLower;
  } else if (log.ci95->high < 0) {
    comparison.verdict = Verdict::kALower;
  }
  return comparison;
}

void print_estimator(const MachineModel& model, std::size_t pairs, const char* name,
                     const std::function<PairedComparison(const std::vector<RunPair>&)>& compare) {
  Tally same;
  Tally slower;
  const PairSource identical = on_machine(model, 1);
  const PairSource by_5_percent = on_machine(model, 1.05);
  for (std::size_t comparison = 0; comparison < kComparisons; ++comparison) {
    same.add(compare(identical(pairs)), 1);
    slower.add(compare(by_5_percent(pairs)), 1.05);
  }
  fmt::print("| {:.0f} %{} | {} | {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} |\n", 100 * model.slow_share,
             model.persistence > 0 ? ", shared" : "", pairs, name, same.percent(same.covered()),
             100 * same.median_half_width(), same.percent(same.no_difference()), same.percent(same.one_of_the_two()),
             slower.percent(slower.told()));
}

void compare_estimators(const MachineModel& model, std::size_t pairs) {
  for (const Estimator& estimator : estimators()) {
    print_estimator(model, pairs, estimator.name, [&](const auto& runs) { return judged(runs, estimator); });
  }
  print_estimator(model, pairs, "**the rule**", [](const auto& runs) { return compare_pairs(runs, {}); });
}

void print_estimators() {
  fmt::print(
      "\n| slow runs | pairs | estimator | coverage % | half-width ±% | A/A \"no difference\" % | A/A false % | +5 % "
      "found % |\n");
  fmt::print("|---|---|---|---|---|---|---|---|\n");
  compare_estimators({.slow_share = 0.3}, 20);
  compare_estimators({.slow_share = 0.3}, 40);
  compare_estimators({.slow_share = 0.5}, 40);
  compare_estimators({.slow_share = 0.8, .persistence = 1}, 40);
}

void print_row(const std::string& title, std::size_t pairs, const std::function<PairSource(double)>& with_effect) {
  const Tally same = tally_of(kComparisons, pairs, with_effect(1), 1);
  fmt::print("| {} | {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f}", title, pairs, same.percent(same.covered()),
             100 * same.median_half_width(), same.percent(same.no_difference()), same.percent(same.cannot_tell()),
             same.percent(same.one_of_the_two()));
  for (const double effect : {1.02, 1.05, 1.10}) {
    const Tally slower = tally_of(kComparisons, pairs, with_effect(effect), effect);
    fmt::print(" | {:.1f}", slower.percent(slower.told()));
  }
  fmt::print(" |\n");
}

void print_head() {
  fmt::print(
      "\n| runs | pairs | coverage % | half-width ±% | A/A \"no difference\" % | A/A \"cannot tell\" % | A/A false % |"
      " +2 % found % | +5 % | +10 % |\n|---|---|---|---|---|---|---|---|---|---|\n");
}

void print_rule() {
  print_head();
  const std::vector<std::pair<const char*, MachineModel>> machines = {
      {"none slow", {.slow_share = 0}},
      {"30 % slow", {}},
      {"30 % slow, noise 0.5 %", {.noise = 0.005}},
      {"50 % slow", {.slow_share = 0.5}},
      {"30 % slow, neighbours alike in half of the pairs", {.persistence = 0.5}},
      {"80 % slow, neighbours always alike", {.slow_share = 0.8, .persistence = 1}}};
  for (const auto& [name, machine] : machines) {
    for (const std::size_t pairs : {8, 10, 20, 30, 40}) {
      print_row(name, pairs, [&machine = machine](double effect) { return on_machine(machine, effect); });
    }
  }
}

/// Stopped as soon as a look finds the interval of identical code narrow enough.
void print_stopping(const char* title, const std::function<bool(std::size_t)>& looks_after, const MachineModel& model,
                    double wanted) {
  constexpr std::size_t kCap = 160;
  constexpr std::size_t kTries = 100;
  MachineRuns machine(model, 1);
  std::size_t stopped = 0;
  std::size_t covered = 0;
  std::size_t pairs_in_all = 0;
  for (std::size_t each = 0; each < kTries; ++each) {
    const std::vector<RunPair> runs = machine.pairs(kCap, 1);
    for (std::size_t pairs = 8; pairs <= kCap; ++pairs) {
      if (!looks_after(pairs)) continue;
      const PairedComparison comparison = compare_pairs(std::span(runs).first(pairs), {});
      if (*half_width(comparison) > wanted) continue;
      ++stopped;
      covered += comparison.ratio.ci95->contains(1) ? 1U : 0U;
      pairs_in_all += pairs;
      break;
    }
  }
  const auto of_stopped = [stopped](std::size_t sum) {
    return static_cast<double>(sum) / static_cast<double>(stopped);
  };
  fmt::print("| {:.0f} % | {:.0f} % | {} | {} of {} | {:.1f} | {:.1f} |\n", 100 * model.slow_share, 100 * wanted, title,
             stopped, kTries, of_stopped(pairs_in_all), 100 * of_stopped(covered));
}

void print_stopping() {
  fmt::print(
      "\n| slow runs | until | looks | stopped before 160 pairs | after pairs (mean) | coverage % "
      "|\n|---|---|---|---|---|---|\n");
  for (const double slow : {0.0, 0.3, 0.5}) {
    for (const double wanted : {0.01, 0.02, 0.05}) {
      const MachineModel model{.slow_share = slow};
      print_stopping("after every pair from 8 on", [](std::size_t) { return true; }, model, wanted);
      print_stopping("the rule", may_stop_after, model, wanted);
    }
  }
}

void print_modes() {
  fmt::print("\n| runs | noise % | one mode called two % | two called two % |\n|---|---|---|---|\n");
  for (const std::size_t count : {10, 20, 40}) {
    for (const double noise : {0.005, 0.01, 0.03}) {
      const auto percent_with_two = [&](double slow_share) {
        MachineRuns machine({.slow_share = slow_share, .noise = noise}, 1);
        std::size_t found = 0;
        for (int series = 0; series < 2000; ++series) found += find_run_modes(machine.runs(count)).slow ? 1U : 0U;
        return static_cast<double>(found) / 20;
      };
      fmt::print("| {} | {:.1f} | {:.2f} | {:.1f} |\n", count, 100 * noise, percent_with_two(0), percent_with_two(0.3));
    }
  }
}

/// Whether as many more pairs as were asked for do tell.
void print_more_pairs() {
  fmt::print(
      "\n| slow runs | pairs | cannot tell of 200 | more asked for (median) | told by as many more % "
      "|\n|---|---|---|---|---|\n");
  for (const double slow : {0.0, 0.3, 0.5}) {
    for (const std::size_t pairs : {10, 20}) {
      MachineRuns machine({.slow_share = slow}, 1);
      std::vector<std::size_t> asked;
      std::size_t told = 0;
      for (int each = 0; each < 200; ++each) {
        std::vector<RunPair> runs = machine.pairs(pairs, 1);
        const PairedComparison first = compare_pairs(runs, {});
        if (first.verdict != Verdict::kCannotTell || !first.more_pairs) continue;
        asked.push_back(*first.more_pairs);
        const std::vector<RunPair> more = machine.pairs(*first.more_pairs, 1);
        runs.insert(runs.end(), more.begin(), more.end());
        told += compare_pairs(runs, {}).verdict == Verdict::kNoDifference ? 1U : 0U;
      }
      if (asked.empty()) continue;
      std::ranges::sort(asked);
      fmt::print("| {:.0f} % | {} | {} | {} | {:.0f} |\n", 100 * slow, pairs, asked.size(), asked[asked.size() / 2],
                 100 * static_cast<double>(told) / static_cast<double>(asked.size()));
    }
  }
}

void print_recorded(const std::string& file) {
  const auto series = read_runs(file);
  for (const auto& [name, runs] : series) {
    const RunModes modes = find_run_modes(runs);
    fmt::print("\n{}: {} runs, {} at {:.0f} ns", name, runs.size(), modes.fast.runs, modes.fast.centre);
    if (modes.slow) fmt::print(", {} at {:.0f} ns", modes.slow->runs, modes.slow->centre);
  }
  fmt::print("\n");
  print_head();
  for (const auto& [name, runs] : series) {
    for (const std::size_t pairs : {10, 20, 30, 40, 60}) {
      print_row(name, pairs, [&runs = runs](double effect) -> PairSource {
        return [source = RecordedPairs(runs, 1), effect](std::size_t count) mutable {
          return source.pairs(count, effect);
        };
      });
    }
  }
}

void print_all() {
  print_estimators();
  print_rule();
  print_modes();
  print_more_pairs();
  print_stopping();
}

}  // namespace
}  // namespace sockscope::test

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // A row at a time: the tables take minutes.
  try {
    if (argc == 1) sockscope::test::print_all();
    for (int file = 1; file < argc; ++file) sockscope::test::print_recorded(argv[file]);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "statistics_tables: {}\n", error.what());
    return 4;
  }
}
