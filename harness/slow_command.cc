#include <string>
#include <utility>

#include "harness/commands.h"
#include "harness/open_recording.h"
#include "harness/output.h"
#include "harness/slowest.h"

namespace sockscope {

Result<int> run_command(const SlowOptions& options, const Interrupt& /*interrupt*/) {
  if (auto can = check_not_recording(options.output.file, options.path); !can) return pass_on(can);
  auto found = find_slowest(options.path, options.top, options.over_ns);
  if (!found) return pass_on(found);
  const std::string path = options.path == "-" ? "standard input" : options.path.string();
  const SlowReport report{.path = path, .over_ns = options.over_ns, .found = std::move(*found)};
  if (auto written = write_slow(report, options.output); !written) return pass_on(written);
  return 0;
}

}  // namespace sockscope
