#include "tests/harness/temp_tree.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sockscope {

TempTree::TempTree() {
  std::string name = (std::filesystem::temp_directory_path() / "sockscope-tree-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TempTree::~TempTree() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

TempTree& TempTree::file(const std::filesystem::path& name, std::string_view content) {
  std::filesystem::create_directories((path_ / name).parent_path());
  std::ofstream out(path_ / name, std::ios::binary);
  out << content << std::flush;
  if (!out) throw std::runtime_error("cannot write " + (path_ / name).string());
  return *this;
}

TempTree& TempTree::program(const std::filesystem::path& name, std::string_view script) {
  file(name, script);
  std::filesystem::permissions(path_ / name, std::filesystem::perms::owner_all);
  return *this;
}

bool TempTree::is_empty() const { return std::filesystem::is_empty(path_); }

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

ScopedEnvironment::ScopedEnvironment(std::string name, const std::string& value) : name_(std::move(name)) {
  const char* const before = std::getenv(name_.c_str());
  was_set_ = before != nullptr;
  if (was_set_) before_ = before;
  setenv(name_.c_str(), value.c_str(), 1);
}

ScopedEnvironment::~ScopedEnvironment() {
  if (was_set_) {
    setenv(name_.c_str(), before_.c_str(), 1);
  } else {
    unsetenv(name_.c_str());
  }
}

}  // namespace sockscope
