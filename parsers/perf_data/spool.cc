#include "parsers/perf_data/spool.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "parsers/perf_data/temporary_file.h"

namespace sockscope::perf_data {
namespace {

constexpr std::size_t kPendingSize = 256UL * 1024;

}  // namespace

Spool::Spool(UniqueFd file) : file_(std::move(file)) { pending_.reserve(kPendingSize); }

Result<Spool> Spool::make() {
  auto file = make_temporary_file();
  if (!file) return pass_on(file);
  return Spool(std::move(*file));
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
      return fail(ErrorKind::kEnvironment, "{}: {}; set TMPDIR to a directory with more room",
                  temporary_directory().string(), errno_text(errno));
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
