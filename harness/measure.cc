#include "harness/measure.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <system_error>
#include <utility>

#include "analysis/precision.h"
#include "base/affinity.h"
#include "base/cpu_list.h"
#include "harness/network_lab.h"
#include "harness/progress.h"
#include "harness/summarise.h"

namespace sockscope {
namespace {

std::vector<Contamination> contamination_of(std::span<const RunResult> pair) {
  std::vector<Contamination> all;
  for (const RunResult& run : pair) std::ranges::move(contamination(run.conditions), std::back_inserter(all));
  if (pair.size() == 2) {
    std::ranges::move(contamination_between(pair[0].conditions, pair[1].conditions), std::back_inserter(all));
  }
  return all;
}

/// Each run adds its samples to the raw file; those of a pair that is measured again are taken out.
class RawSize {
 public:
  explicit RawSize(std::filesystem::path file) : file_(std::move(file)) {
    std::error_code ignored;
    if (!file_.empty()) size_ = std::filesystem::file_size(file_, ignored);
  }
  void restore() const {
    std::error_code ignored;
    if (!file_.empty()) std::filesystem::resize_file(file_, size_, ignored);
  }

 private:
  std::filesystem::path file_;
  std::uintmax_t size_ = 0;
};

/// Carries out one plan.
class Measuring {
 public:
  Measuring(const RunPlan& plan, const MeasureSetting& setting, RunRecord& record, SummaryBuilder& builder)
      : plan_(plan),
        setting_(setting),
        record_(record),
        builder_(builder),
        progress_(plan.steps.size()),
        repeats_left_(plan.steps.size() / plan.variants.size()) {}

  Result<> run() {
    for (std::span<const RunStep> steps = plan_.steps; !steps.empty();) {
      const auto pair = first_pair(steps);
      if (pair.front().round != steps_round_ && is_narrow_enough()) return {};
      steps_round_ = pair.front().round;
      if (auto measured = measure_pair(pair); !measured) return measured;
      if (auto calibrated = calibrate(pair.front()); !calibrated) return calibrated;
      steps = steps.subspan(pair.size());
    }
    return {};
  }

 private:
  /// Again until nothing disturbed it, or as often as is allowed.
  Result<> measure_pair(std::span<const RunStep> steps) {
    const RawSize raw(plan_.variants.front().workload.raw_file);
    for (unsigned repeats = 0;; ++repeats) {
      auto pair = run_pair(steps, repeats != 0);
      if (!pair) return pass_on(pair);
      auto disturbed_by = contamination_of(*pair);
      const bool is_last = disturbed_by.empty() || repeats == setting_.most_repeats || repeats_left_ == 0;
      if (!disturbed_by.empty()) {
        record_.disturbed.push_back({.round = steps.front().round,
                                     .watched = watched_as(steps.front().watch),
                                     .by = std::move(disturbed_by),
                                     .is_repeated = !is_last});
      }
      if (is_last) return keep(std::move(*pair));
      for (const RunResult& run : *pair) drop_recording(run);
      raw.restore();
      --repeats_left_;
    }
  }

  Result<std::vector<RunResult>> run_pair(std::span<const RunStep> steps, bool is_repeat) {
    std::vector<RunResult> pair;
    for (const RunStep& step : steps) {
      const PlannedVariant& planned = plan_.variants[step.variant];
      progress_.begin(step, planned.variant, is_repeat);
      auto run = run_step(planned, step, setting_.round);
      if (!run) {
        const bool is_worth_keeping = run.error().kind == ErrorKind::kInterrupted && !is_repeat;
        if (auto kept = is_worth_keeping ? keep(std::move(pair)) : Result<>{}; !kept) return pass_on(kept);
        return pass_on(run);
      }
      pair.push_back(std::move(*run));
    }
    return pair;
  }

  /// After the pair, since it is no part of what is compared.
  Result<> calibrate(const RunStep& step) {
    if (!plan_.is_calibrated || step.watch != Watch::kNobody) return {};
    auto run = run_calibration(plan_.variants.front().workload, setting_.round);
    if (!run) return pass_on(run);
    run->step.round = step.round;
    if (auto added = add_run(builder_, *run, setting_.round.directory); !added) return added;
    record_.runs.push_back(std::move(*run));
    return {};
  }

  Result<> keep(std::vector<RunResult> pair) {
    for (RunResult& run : pair) {
      if (auto added = add_run(builder_, run, setting_.round.directory); !added) return added;
      if (setting_.recordings == Recordings::kDrop) drop_recording(run);
      record_.runs.push_back(std::move(run));
    }
    return {};
  }

  void drop_recording(const RunResult& run) const {
    if (run.recording.empty()) return;
    std::error_code ignored;
    std::filesystem::remove(setting_.round.directory / run.recording, ignored);
  }

  [[nodiscard]] bool is_narrow_enough() const {
    if (!plan_.until || !may_stop_after(steps_round_)) return false;
    const Summary so_far = builder_.build();
    if (so_far.variants.size() != 2) return false;
    const auto comparison = compare_variants(so_far.variants[0], so_far.variants[1], {});
    const ComparedFigure* const figure = comparison.headline();
    return figure != nullptr && half_width(figure->result).value_or(1) <= *plan_.until;
  }

  const RunPlan& plan_;
  const MeasureSetting& setting_;
  RunRecord& record_;
  SummaryBuilder& builder_;
  Progress progress_;
  std::size_t repeats_left_;  // as many as there are pairs: a busy machine takes twice the time, not three times
  unsigned steps_round_ = 0;
};

}  // namespace

std::vector<int> out_of_the_way_of(const RunPlan& plan) {
  if (allowed_cpus().size() <= 2) return {};
  std::vector<int> measured;
  for (const PlannedVariant& planned : plan.variants) {
    std::ranges::copy(measured_cpus(planned.workload), std::back_inserter(measured));
  }
  return other_cpus(measured);
}

Result<> measure(const RunPlan& plan, const MeasureSetting& setting, RunRecord& record, SummaryBuilder& builder) {
  const Affinity out_of_the_way(out_of_the_way_of(plan));
  NetworkLabs labs;
  const auto connected = connected_plan(plan, labs, setting.round.interrupt_fd);
  if (!connected) return std::unexpected(connected.error());
  auto measured = Measuring(*connected, setting, record, builder).run();
  if (measured || measured.error().kind != ErrorKind::kInterrupted) return measured;
  record.interrupted = true;
  return {};
}

}  // namespace sockscope
