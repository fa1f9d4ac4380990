#include "harness/trace_options.h"

#include <CLI/CLI.hpp>

namespace sockscope {
namespace {

constexpr const char* kTracing = "Tracing";

}  // namespace

void add_trace_options(CLI::App& command, TraceOptions& options) {
  command
      .add_option(
          "--events", options.events,
          "What traced rounds record: sched, the scheduler's events; path, what the stages need; lab, all that a "
          "message passes; stacks, those with call chains; or a list, as net:netif_rx,sched:sched_switch")
      ->type_name("SET|LIST")
      ->capture_default_str()
      ->group(kTracing);
  command
      .add_option_function<std::string>(
          "--capture",
          [&options](const std::string& name) {
            options.capture = name == "perf" ? Capture::kPerf : Capture::kTracefs;
          },
          "What records them: ftrace's own buffers, which cost a third, or perf record [tracefs where it can]")
      ->check(CLI::IsMember({"tracefs", "perf"}))
      ->group(kTracing);
}

}  // namespace sockscope
