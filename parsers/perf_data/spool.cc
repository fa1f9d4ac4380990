#include "parsers/perf_data/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace sockscope::perf_data {
namespace {

constexpr std::size_t kPendingSize = 256UL * 1024;

// Not /tmp: that is memory on many machines, and a recording may be larger than it.
std::filesystem::path spool_directory() {
  const char* const chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

}  // namespace

Spool::Spool(UniqueFd file, std::filesystem::path directory)
    : file_(std::move(file)), directory_(std::move(directory)) {
  pending_.reserve(kPendingSize);
}

Result<Spool> Spool::make() {
  auto directory = spool_directory();
  UniqueFd file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file) {
    return fail(ErrorKind::kEnvironment,
                "{}: cannot make a temporary file: {}; set TMPDIR to a directory on a disk with room",
                directory.string(), errno_text(errno));
  }
  return Spool(std::move(file), std::move(directory));
}

Result<> Spool::append(Bytes bytes) {
  if (bytes.size() > kPendingSize - pending_.size()) {
    if (auto written = write_out(pending_); !written) return written;
    pending_.clear();
    if (bytes.size() > kPendingSize) return write_out(bytes);
  }
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
  return {};
}

Result<> Spool::write_out(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return fail(ErrorKind::kEnvironment, "{}: {}; set TMPDIR to a directory with more room", directory_.string(),
                  errno_text(errno));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<MappedFile> Spool::map() && {
  if (auto written = write_out(pending_); !written) return pass_on(written);
  return MappedFile::map(file_);
}

}  // namespace sockscope::perf_data
