#include "harness/measure.h"

#include <system_error>

#include "harness/progress.h"
#include "harness/summarise.h"

namespace sockscope {

Result<> measure(const RunPlan& plan, const EventSet& events, Capture capture, const std::filesystem::path& directory,
                 Recordings recordings, const Interrupt& interrupt, RunRecord& record, SummaryBuilder& builder) {
  const RoundSetting setting{
      .directory = directory, .events = events, .capture = capture, .interrupt_fd = interrupt.fd()};
  Progress progress(plan.steps.size());
  for (const RunStep& step : plan.steps) {
    progress.begin(step, plan.variants[step.variant].variant);
    auto run = run_step(plan.variants[step.variant], step, setting);
    if (!run && run.error().kind == ErrorKind::kInterrupted) {
      record.interrupted = true;
      return {};
    }
    if (!run) return pass_on(run);
    if (auto added = add_run(builder, *run, directory); !added) return added;
    if (recordings == Recordings::kDrop && step.watch == Watch::kPerf) {
      std::error_code ignored;
      std::filesystem::remove(directory / run->recording, ignored);
    }
    record.runs.push_back(std::move(*run));
  }
  return {};
}

}  // namespace sockscope
