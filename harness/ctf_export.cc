#include "harness/ctf_export.h"

#include <fmt/format.h>

#include <string>
#include <system_error>

#include "harness/export_progress.h"
#include "harness/open_recording.h"
#include "harness/run_directory.h"
#include "harness/warnings.h"
#include "report/export/ctf_trace.h"

namespace sockscope {
namespace {

namespace fs = std::filesystem;

Result<> check_directory(const fs::path& directory) {
  if (directory.empty()) {
    return fail(ErrorKind::kUsage, "--format ctf makes a directory: say which with -o DIR (see sockscope --help)");
  }
  std::error_code not_there;
  if (!fs::exists(directory, not_there)) return {};
  return fail(ErrorKind::kUsage,
              "{} is there already: --format ctf makes a directory of its own (see sockscope --help)",
              directory.string());
}

/// "tcp-1" of "tcp-1.perf.data".
std::string name_of(const fs::path& recording) {
  const std::string name = recording.filename().string();
  return name.substr(0, name.find(".perf.data"));
}

Result<> export_recording(const fs::path& path, const fs::path& directory, ExportProgress& progress) {
  const auto reader = open_recording(path);
  if (!reader) return std::unexpected(reader.error());
  const auto formats = formats_if_needed(*reader);
  if (!formats) return std::unexpected(formats.error());
  std::error_code error;
  const fs::path above = fs::absolute(directory).parent_path();  // babeltrace2 makes the directory itself, or refuses
  fs::create_directories(above, error);
  if (error) return fail(ErrorKind::kEnvironment, "cannot make {}: {}", above.string(), error.message());

  progress.begin(path.filename().string());
  const auto counts = write_ctf_trace(*reader, *formats ? &(*formats)->catalog : nullptr, directory,
                                      [&progress] { progress.count_event(); });
  progress.clear();
  if (!counts) return std::unexpected(counts.error());
  for (const fs::directory_entry& file : fs::directory_iterator(directory, error)) give_to_invoker(file.path());
  give_to_invoker(directory);
  warn_of_running_kernels(*formats);
  warn_of_doubts(reader->counters(), counts->undecoded, reader->name());
  if (counts->events == 0) warn(reader->name() + ": it has no event with a time, so there is no trace");
  if (counts->without_time != 0) {
    warn(fmt::format("{}: {} samples carry no time and were left out", reader->name(), counts->without_time));
  }
  return {};
}

}  // namespace

Result<> export_ctf(const TracedRecordings& traced, const fs::path& directory) {
  if (auto checked = check_directory(directory); !checked) return checked;
  ExportProgress progress(traced.recordings().size());
  for (const RunRecording& recording : traced.recordings()) {
    const fs::path to = traced.is_of_run_directory() ? directory / name_of(recording.path) : directory;
    if (auto exported = export_recording(recording.path, to, progress); !exported) return exported;
  }
  return {};
}

}  // namespace sockscope
