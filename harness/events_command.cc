#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/cpu_list.h"
#include "harness/commands.h"
#include "harness/formats.h"
#include "harness/line_output.h"
#include "harness/open_recording.h"
#include "harness/traced_recordings.h"
#include "harness/warnings.h"
#include "parsers/perf_data/reader.h"
#include "report/events/event_printer.h"

namespace sockscope {
namespace {

// "sched:sched_switch, sched:sched_waking, ... (57 in all)".
std::string some_names(std::span<const EventPlan> plans) {
  constexpr std::size_t shown = 5;
  std::vector<std::string> names;
  for (const EventPlan& plan : plans.first(std::min(shown, plans.size()))) names.push_back(plan.name);
  if (names.empty()) return "it has none";
  std::string text = fmt::format("it has {}", fmt::join(names, ", "));
  if (plans.size() > shown) text += fmt::format(", ... ({} in all)", plans.size());
  return text;
}

void warn_of_unmatched(const std::vector<std::string>& globs, std::span<const EventPlan> plans,
                       const std::string& name) {
  for (const std::string& glob : globs) {
    if (std::ranges::any_of(plans, [&](const EventPlan& plan) { return matches_event(glob, plan.name); })) continue;
    warn(fmt::format("{}: no event is named {}: {}", name, glob, some_names(plans)));
  }
}

/// Of a run directory the only one: events of several runs are no sequence.
Result<std::filesystem::path> recording_at(const std::filesystem::path& path) {
  if (!is_run_directory(path)) return path;
  const auto traced = TracedRecordings::of(path);
  if (!traced) return std::unexpected(traced.error());
  const auto& recordings = traced->recordings();
  if (recordings.empty()) return fail(ErrorKind::kInput, "{}: none of its runs was traced", path.string());
  if (recordings.size() == 1) return recordings.front().path;
  return fail(ErrorKind::kInput, "{} has {} recordings, and events prints one: {}, say", path.string(),
              recordings.size(), recordings.front().path.string());
}

}  // namespace

Result<int> run_command(const EventsOptions& options, const Interrupt& interrupt) {
  const auto path = recording_at(options.path);
  if (!path) return std::unexpected(path.error());
  auto reader = open_recording(*path);
  if (!reader) return pass_on(reader);
  const auto formats = formats_if_needed(*reader);
  if (!formats) return std::unexpected(formats.error());
  warn_of_running_kernels(*formats);
  if (auto checked = check_not_recording(options.file, *path); !checked) return pass_on(checked);
  const auto output = LineOutput::open(options.file);
  if (!output) return std::unexpected(output.error());

  const EventPlans plans(reader->attrs(), *formats ? &(*formats)->catalog : nullptr, options.style);
  EventSource source(*reader, plans, options.filter);
  const auto threads = static_cast<unsigned>(allowed_cpus().size());
  auto undecoded = print_events(source, options.style, threads, [&](std::string_view lines) -> Result<bool> {
    if (interrupt.requested()) return fail(ErrorKind::kInterrupted, "interrupted");
    return output->write(lines);
  });
  if (!undecoded) return pass_on(undecoded);
  if (reader->counters().truncated && reader->counters().samples == 0) {
    return fail(ErrorKind::kInput, "{}: damaged before its first event", reader->name());
  }
  const auto recorded = std::span(plans.plans()).first(reader->attrs().size());
  warn_of_unmatched(options.filter.globs, recorded, reader->name());
  warn_of_doubts(reader->counters(), *undecoded, reader->name());
  return 0;
}

}  // namespace sockscope
