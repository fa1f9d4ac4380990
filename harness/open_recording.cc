#include "harness/open_recording.h"

#include <csignal>
#include <system_error>

namespace sockscope {

Result<perf_data::Reader> open_recording(const std::filesystem::path& path) {
  if (path != "-") return perf_data::Reader::open(path);
  auto* const before = std::signal(SIGINT, SIG_IGN);
  auto reader = perf_data::Reader::open(path);
  std::signal(SIGINT, before);
  return reader;
}

Result<> check_not_recording(const std::filesystem::path& output, const std::filesystem::path& recording) {
  std::error_code not_there;
  if (output.empty()) return {};
  if (std::filesystem::equivalent(output, recording, not_there)) {
    return fail(ErrorKind::kUsage, "{} is the recording itself (see sockscope --help)", output.string());
  }
  if (std::filesystem::equivalent(output, recording / "run.json", not_there)) {
    return fail(ErrorKind::kUsage, "{} describes the run that is to be read (see sockscope --help)", output.string());
  }
  return {};
}

}  // namespace sockscope
