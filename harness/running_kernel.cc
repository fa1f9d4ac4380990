#include "harness/running_kernel.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace sockscope {
namespace {

struct OwnFormat {
  std::string system;
  std::string text;
};

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Result<tracepoint::Catalog> running_kernel_catalog(const std::filesystem::path& tracefs,
                                                   const std::vector<std::uint64_t>& ids) {
  std::vector<OwnFormat> found;
  std::error_code error;
  auto systems = std::filesystem::directory_iterator(tracefs / "events", error);
  if (error) return fail(ErrorKind::kEnvironment, "{}: {}", (tracefs / "events").string(), error.message());
  for (const auto& system : systems) {
    for (const auto& event : std::filesystem::directory_iterator(system.path(), error)) {
      std::uint64_t id = 0;
      if (!(std::ifstream(event.path() / "id") >> id) || std::ranges::find(ids, id) == ids.end()) continue;
      found.push_back({system.path().filename(), content_of(event.path() / "format")});
    }
    error.clear();  // "enable" and its like are no directories
  }
  std::vector<perf_data::FormatSource> sources;
  sources.reserve(found.size());
  for (const OwnFormat& format : found) sources.push_back({.system = format.system, .text = format.text});
  return tracepoint::Catalog::from_format_texts(sources);
}

}  // namespace sockscope
