#pragma once

#include <filesystem>

#include "analysis/summary_builder.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "harness/event_set.h"
#include "harness/run_plan.h"
#include "harness/run_record.h"

namespace sockscope {

/// What to do with the recordings of traced runs.
enum class Recordings { kKeep, kDrop };

/// Runs a whole plan, step by step, in `directory`, and adds each run to the builder as soon as it is over, outside of
/// anything measured. The record's runs are filled in; the user's interrupt ends it early with what was finished and
/// record.interrupted set.
Result<> measure(const RunPlan& plan, const EventSet& events, Capture capture, const std::filesystem::path& directory,
                 Recordings recordings, const Interrupt& interrupt, RunRecord& record, SummaryBuilder& builder);

}  // namespace sockscope
