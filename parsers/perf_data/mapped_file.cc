#include "parsers/perf_data/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "base/unique_fd.h"

namespace sockscope::perf_data {
namespace {

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory (perf record --threads makes one; record without --threads)";
  if (S_ISFIFO(mode)) return "a pipe (save it first: perf record -o - ... > FILE)";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  // Non-blocking: opening a pipe must not wait for a writer, it is refused below anyway.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail(ErrorKind::kInput, "{}: {}", path.string(), errno_text(errno));
  struct stat status{};
  if (fstat(fd.get(), &status) != 0) return fail(ErrorKind::kInput, "{}: {}", path.string(), errno_text(errno));
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorKind::kInput, "{}: is {}, not a perf.data file", path.string(), kind_of(status.st_mode));
  }
  if (status.st_size == 0) return fail(ErrorKind::kInput, "{}: is empty", path.string());
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (address == MAP_FAILED) return fail(ErrorKind::kInput, "{}: mmap: {}", path.string(), errno_text(errno));
  return MappedFile(Bytes(static_cast<const std::byte*>(address), size));
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace sockscope::perf_data
