#include "harness/open_recording.h"

#include <algorithm>
#include <system_error>

#include "harness/input_kind.h"
#include "harness/interrupt_left_to_writer.h"
#include "harness/kernel_functions.h"
#include "harness/trace_dat_file.h"
#include "parsers/ctf/recording.h"
#include "parsers/ctf/trace_folder.h"

namespace sockscope {

namespace {

namespace fs = std::filesystem;

/// Whatever links and ".." are on the way.
bool is_below(const fs::path& path, const fs::path& directory) {
  std::error_code error;
  const fs::path outer = fs::canonical(directory, error);
  if (error) return false;
  const fs::path inner = fs::weakly_canonical(fs::absolute(path, error), error);
  return !error && std::ranges::mismatch(outer, inner).in1 == outer.end();
}

/// What a run leaves behind that reports are made of: run.json, and what was recorded.
bool is_of_run(const fs::path& file) {
  const std::string name = file.filename().string();
  return name == "run.json" || name == kKeptKallsyms || name.ends_with(".perf.data") || name.ends_with(".calls.log");
}

Result<perf_data::Reader> open_any(const std::filesystem::path& path) {
  const InputKind kind = input_kind_of(path);
  if (kind == InputKind::kText) {
    return fail(ErrorKind::kInput,
                "{}: not a perf.data file but text: sockscope report {} reads what function_graph prints",
                path == "-" ? "standard input" : path.string(), path.string());
  }
  if (kind != InputKind::kTraceDat) return perf_data::Reader::open(path);
  const auto file = TraceDatFile::open(path);
  if (!file) return std::unexpected(file.error());
  return file->recording();
}

}  // namespace

Result<perf_data::Reader> open_recording(const std::filesystem::path& path) {
  std::error_code ignored;
  const bool is_directory = path != "-" && std::filesystem::is_directory(path, ignored);
  // perf's directory of files has "data" in it.
  if (is_directory && !std::filesystem::exists(path / "data", ignored) && ctf::is_trace(path)) {
    return ctf::open_recording(path);
  }
  const InterruptLeftToWriter left(path);
  return open_any(path);
}

Result<> check_not_recording(const std::filesystem::path& output, const std::filesystem::path& recording) {
  std::error_code not_there;
  if (output.empty()) return {};
  if (std::filesystem::equivalent(output, recording, not_there)) {
    return fail(ErrorKind::kUsage, "{} is the recording itself (see sockscope --help)", output.string());
  }
  if (!fs::is_directory(recording, not_there) || !is_below(output, recording)) return {};
  // A run's directory has room for reports. In a CTF trace and in perf's directory of files each file is read.
  const bool has_room = fs::exists(recording / "run.json", not_there);
  const fs::path file = fs::weakly_canonical(output, not_there);
  if (has_room && !is_of_run(file)) return {};
  return fail(ErrorKind::kUsage, "{} is a part of {}, which is to be read (see sockscope --help)", output.string(),
              recording.string());
}

}  // namespace sockscope
