#include "parsers/perf_data/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace sockscope::perf_data {

Result<MappedFile> MappedFile::map(const UniqueFd& file) {
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return fail(ErrorKind::kInput, "{}", errno_text(errno));
  if (status.st_size == 0) return MappedFile(Bytes());
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED) return fail(ErrorKind::kInput, "mmap: {}", errno_text(errno));
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
