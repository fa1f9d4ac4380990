#pragma once

#include <optional>
#include <string>

#include "harness/capture.h"
#include "harness/event_set.h"

// NOLINTNEXTLINE(readability-identifier-naming): CLI11 chose the name.
namespace CLI {
class App;
}

namespace sockscope {

/// How the traced runs are to be recorded.
struct TraceOptions {
  std::string events = EventSet::kDefault;  ///< As EventSet::available() takes it.
  std::optional<Capture> capture;           ///< Absent: choose_capture() decides.
};

/// Adds the options to a command of the command line. They refer to `options`, which must outlive it.
void add_trace_options(CLI::App& command, TraceOptions& options);

}  // namespace sockscope
