#include <optional>
#include <utility>

#include "harness/commands.h"
#include "harness/function_report.h"
#include "harness/function_rounds.h"
#include "harness/open_recording.h"
#include "harness/output.h"
#include "harness/run_directory.h"

namespace sockscope {
namespace {

/// Of a directory that is there; its exit status.
Result<int> report_functions(const std::filesystem::path& directory, const FunctionsOptions& options) {
  const auto report = function_report_of(directory, {.min_rate = options.min_rate});
  if (!report) return std::unexpected(report.error());
  if (directory == options.plan.keep) {
    if (auto kept = write_file(directory / "functions.json", render_functions_json(*report)); !kept) {
      return pass_on(kept);
    }
    give_to_invoker(directory);
  }
  if (auto written = write_functions(*report, options.plan.output); !written) return pass_on(written);
  return report->interrupted && options.directory.empty() ? exit_status_of(ErrorKind::kInterrupted) : 0;
}

}  // namespace

Result<int> run_command(const FunctionsOptions& options, const Interrupt& interrupt) {
  if (auto can = check_output(options.plan.output); !can) return pass_on(can);
  if (!options.directory.empty()) {
    if (auto can = check_not_recording(options.plan.output.file, options.directory); !can) return pass_on(can);
    return report_functions(options.directory, options);
  }
  std::optional<TemporaryDirectory> temporary;
  if (options.plan.keep.empty()) {
    auto made = TemporaryDirectory::make();
    if (!made) return pass_on(made);
    temporary.emplace(std::move(*made));
  } else if (auto made = make_run_directory(options.plan.keep); !made) {
    return pass_on(made);
  }
  const std::filesystem::path directory = temporary ? temporary->path() : options.plan.keep;
  if (auto recorded = record_functions(options.plan, options.capture, directory, interrupt); !recorded)
    return pass_on(recorded);
  return report_functions(directory, options);
}

}  // namespace sockscope
