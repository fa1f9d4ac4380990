#include "harness/folded_export.h"

#include <fmt/format.h>

#include <string>

#include "harness/export_listener.h"
#include "harness/export_output.h"
#include "harness/export_progress.h"
#include "harness/kernel_functions.h"
#include "harness/open_recording.h"
#include "harness/warnings.h"
#include "report/export/folded_stacks.h"

namespace sockscope {
namespace {

/// What tells recordings apart where there are several: "tcp, round 1".
std::string root_of(const RunRecording& recording, const TracedRecordings& traced) {
  const auto [variant, round] = source_of(recording);
  return traced.recordings().size() < 2 ? std::string() : fmt::format("{}, round {}", variant, round);
}

/// Returns how many samples had a call chain.
Result<std::uint64_t> add(const RunRecording& recording, const TracedRecordings& traced, FoldedStacks& stacks,
                          ExportProgress& progress) {
  const auto reader = open_recording(recording.path);
  if (!reader) return std::unexpected(reader.error());
  if (!has_call_chains(*reader)) return 0;
  const auto directory = traced.is_of_run_directory() ? recording.path.parent_path() : std::filesystem::path();
  const FoundFunctions functions = kernel_functions_of(*reader, directory);
  progress.begin(recording.path.filename().string());
  const std::uint64_t added =
      stacks.add(*reader, functions.symbols, root_of(recording, traced), [&progress] { progress.count_event(); });
  progress.clear();
  if (!functions.why_not.empty()) {
    warn(fmt::format("{}: the kernel's functions are given by address: {}", reader->name(), functions.why_not));
  }
  warn_of_doubts(reader->counters(), 0, reader->name());
  return added;
}

}  // namespace

Result<> export_folded(const ReportOptions& options, const TracedRecordings& traced) {
  FoldedStacks stacks;
  ExportProgress progress(traced.recordings().size());
  std::uint64_t added = 0;
  for (const RunRecording& recording : traced.recordings()) {
    const auto of_recording = add(recording, traced, stacks, progress);
    if (!of_recording) return std::unexpected(of_recording.error());
    added += *of_recording;
  }
  if (added == 0) {
    return fail(ErrorKind::kInput,
                "{} has no call chains: record it with sockscope record --events stacks, or with perf record -g",
                options.path.string());
  }
  ExportOutput to(options.output.file);
  stacks.write([&to](std::string_view lines) { to.write(lines); });
  return to.finish();
}

}  // namespace sockscope
