#include "harness/tracefs_instance.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/unique_fd.h"

namespace sockscope {
namespace {

constexpr std::string_view kPrefix = "sockscope-";

/// Whether it is an instance of a sockscope that has ended without removing it.
bool is_left_behind(std::string_view name) {
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  pid_t pid = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
  return parsed.ec == std::errc{} && parsed.ptr == name.data() + name.size() && pid > 0 && kill(pid, 0) != 0 &&
         errno == ESRCH;
}

void remove_left_behind(const std::filesystem::path& instances) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(instances, ignored)) {
    if (is_left_behind(entry.path().filename().string())) rmdir(entry.path().c_str());
  }
}

}  // namespace

std::string own_tracefs_instance() { return fmt::format("{}{}", kPrefix, getpid()); }

Result<TracefsInstance> TracefsInstance::make(const std::filesystem::path& tracefs) {
  const auto instances = tracefs / "instances";
  remove_left_behind(instances);
  auto path = instances / own_tracefs_instance();
  if (mkdir(path.c_str(), 0700) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot make {}: {}", path.string(), errno_text(errno));
  }
  return TracefsInstance(std::move(path));
}

TracefsInstance::~TracefsInstance() {
  if (!path_.empty()) rmdir(path_.c_str());
}

Result<> TracefsInstance::set(const std::filesystem::path& file, std::string_view text) const {
  const auto path = path_ / file;
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd && write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return {};
  return fail(ErrorKind::kEnvironment, "cannot write {} to {}: {}", text, path.string(), errno_text(errno));
}

std::string TracefsInstance::get(const std::filesystem::path& file) const {
  std::ifstream stream(path_ / file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace sockscope
