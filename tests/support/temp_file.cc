#include "tests/support/temp_file.h"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/unique_fd.h"

namespace sockscope::test_support {

TempFile::TempFile(std::string_view content) {
  std::string name = std::filesystem::temp_directory_path() / "sockscope-test-XXXXXX";
  const UniqueFd fd(::mkstemp(name.data()));
  path_ = name;
  for (std::size_t at = 0; at < content.size();) {
    const ssize_t count = ::write(fd.get(), content.data() + at, content.size() - at);
    if (count <= 0) throw std::runtime_error("cannot write " + name);
    at += static_cast<std::size_t>(count);
  }
}

TempFile::~TempFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace sockscope::test_support
