#include "tests/report/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace sockscope::testing {
namespace {

constexpr std::string_view kFolder = "tests/report/golden/";

std::string source_path(std::string_view path) { return std::string(SOCKSCOPE_SOURCE_DIR "/").append(path); }

bool updating() {
  const char* wanted = std::getenv("UPDATE_GOLDEN");
  return wanted != nullptr && std::string_view(wanted) == "1";
}

}  // namespace

std::string read_source_file(std::string_view path) {
  std::ifstream file(source_path(path), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void expect_golden(std::string_view name, const std::string& actual) {
  const std::string path = std::string(kFolder).append(name);
  const std::string expected = read_source_file(path);
  if (!updating()) {
    EXPECT_EQ(actual, expected) << path
                                << " differs. If the change is meant: tests/report/golden.h says how to rewrite it.";
    return;
  }
  if (actual == expected) return;
  std::ofstream(source_path(path), std::ios::binary) << actual;
  ADD_FAILURE() << "rewrote " << path << ": read its difference, then test again without UPDATE_GOLDEN";
}

}  // namespace sockscope::testing
