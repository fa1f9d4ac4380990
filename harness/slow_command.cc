#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/commands.h"
#include "harness/output.h"
#include "harness/slowest.h"

namespace sockscope {

Result<int> run_command(const SlowOptions& options, const Interrupt& /*interrupt*/) {
  std::error_code ignored;
  if (options.path == "-" || std::filesystem::is_fifo(options.path, ignored)) {
    return fail(ErrorKind::kUsage, "slow reads its recording twice, which a pipe cannot be: save {} as a file first",
                options.path == "-" ? "standard input" : options.path.string());
  }
  auto found = find_slowest(options.path, options.top, options.over_ns);
  if (!found) return pass_on(found);
  const SlowReport report{.path = options.path.string(), .over_ns = options.over_ns, .found = std::move(*found)};
  if (auto written = write_slow(report, options.output); !written) return pass_on(written);
  return 0;
}

}  // namespace sockscope
