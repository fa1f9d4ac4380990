#include "harness/keep_baseline.h"

#include <fmt/chrono.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "harness/baseline_file.h"
#include "harness/environment.h"
#include "harness/fingerprint.h"
#include "harness/run_directory.h"

namespace sockscope {

std::string time_of_day() {
  const auto now = std::chrono::floor<std::chrono::minutes>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

Result<> keep_baseline(const std::filesystem::path& path, const Baseline& baseline) {
  std::error_code ignored;  // What could not be made shows as a file that cannot be written.
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  auto written = write_file(path, baseline_text(baseline));
  if (written) give_to_invoker(path);
  return written;
}

Baseline baseline_of(std::string name, const std::vector<std::string>& plan, const GateMeasurement& measurement) {
  Baseline baseline{.name = std::move(name),
                    .made = time_of_day(),
                    .title = measurement.title,
                    .plan = plan,
                    .machine = machine_facts(describe_environment("/")),
                    .figures = {},
                    .self_test = std::nullopt,
                    .disturbed = measurement.disturbed};
  for (const GateFigure& figure : measurement.figures) baseline.figures.push_back({figure, std::nullopt});
  return baseline;
}

}  // namespace sockscope
