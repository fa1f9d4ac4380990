#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "analysis/summary_builder.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "harness/round.h"
#include "harness/run_plan.h"
#include "harness/run_record.h"

namespace sockscope {

/// What to do with the recordings of traced runs.
enum class Recordings { kKeep, kDrop };

/// How a plan is carried out.
struct MeasureSetting {
  RoundSetting round;
  Recordings recordings = Recordings::kDrop;
  /// Of pairs that something else disturbed (analysis/run_conditions.h): how often each is measured again.
  unsigned most_repeats = 2;
};

/// Where the harness is out of the way of what it measures; empty: where it is. With two CPUs it stays there: the one
/// that is left shares a core, a host or a cache with the measured one as likely as not.
std::vector<int> out_of_the_way_of(const RunPlan& plan);

/// Runs a plan, pair by pair, and adds each run to the builder as soon as its pair is over, outside of anything
/// measured. A pair that was disturbed is measured again, and kept as it is after the last repeat; either is noted in
/// the record. With RunPlan::until it ends as soon as the interval of the median round trip is that narrow.
///
/// The record's runs are filled in; the user's interrupt ends it early with what was finished and record.interrupted
/// set.
Result<> measure(const RunPlan& plan, const MeasureSetting& setting, RunRecord& record, SummaryBuilder& builder);

}  // namespace sockscope
