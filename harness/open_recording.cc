#include "harness/open_recording.h"

#include <csignal>

namespace sockscope {

Result<perf_data::Reader> open_recording(const std::filesystem::path& path) {
  if (path != "-") return perf_data::Reader::open(path);
  auto* const before = std::signal(SIGINT, SIG_IGN);
  auto reader = perf_data::Reader::open(path);
  std::signal(SIGINT, before);
  return reader;
}

}  // namespace sockscope
