#include "parsers/ctf/trace_folder.h"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace sockscope::ctf {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 4;                 // SESSION/archives/CHUNK/kernel is 3 below
constexpr std::size_t kMostFolders = 4096;  // looked at
constexpr char kRecordSeparator = '\x1e';

bool has_metadata(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "metadata", ignored);
}

/// Far below the path that was named, any other metadata is of something else.
bool is_of_lttng(const fs::path& folder, const fs::path& path) {
  const fs::path below = folder.lexically_relative(path);
  return folder.filename() == "kernel" || std::ranges::find(below, fs::path("ust")) != below.end();
}

std::vector<fs::path> folders_with_metadata(const fs::path& path) {
  if (has_metadata(path)) return {path};
  std::vector<fs::path> found;
  std::error_code error;
  std::size_t seen = 0;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_directory(error)) continue;
    if (++seen > kMostFolders) break;
    const bool is_child = at.depth() == 0;
    if ((is_child || is_of_lttng(at->path(), path)) && has_metadata(at->path())) found.push_back(at->path());
    if (at.depth() + 1 >= kDeepest) at.disable_recursion_pending();
  }
  std::ranges::sort(found);
  return found;
}

bool is_of_kernel(const fs::path& folder) { return folder.filename() == "kernel"; }

bool is_ctf2(const fs::path& folder) {
  std::ifstream file(folder / "metadata", std::ios::binary);
  return file.get() == kRecordSeparator;
}

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored)) bytes += at->file_size(ignored);
  }
  return bytes;
}

}  // namespace

bool is_trace(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) && !folders_with_metadata(path).empty();
}

Result<TraceFolder> find_trace(const fs::path& path) {
  TraceFolder folder{.parts = folders_with_metadata(path)};
  if (folder.parts.empty())
    return fail(ErrorKind::kInput, "{}: has no metadata file, so it is no CTF trace", path.string());
  if (std::ranges::any_of(folder.parts, is_of_kernel)) {
    std::erase_if(folder.parts, [](const fs::path& part) { return !is_of_kernel(part); });
  }
  for (const fs::path& part : folder.parts) {
    if (is_ctf2(part)) {
      return fail(ErrorKind::kInput,
                  "{}: is a CTF 2 trace, and only CTF 1.8 is read: record it with lttng create --trace-format=ctf-1.8",
                  part.string());
    }
    folder.bytes += bytes_in(part);
  }
  return folder;
}

}  // namespace sockscope::ctf
