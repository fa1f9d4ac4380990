#include "parsers/perf_data/temporary_file.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdlib>

namespace sockscope::perf_data {

std::filesystem::path temporary_directory() {
  const char* const chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

Result<UniqueFd> make_temporary_file() {
  const auto directory = temporary_directory();
  UniqueFd file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  return fail(ErrorKind::kEnvironment,
              "{}: cannot make a temporary file: {}; set TMPDIR to a directory on a disk with room", directory.string(),
              errno_text(errno));
}

}  // namespace sockscope::perf_data
