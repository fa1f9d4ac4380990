#include "parsers/perf_data/file_backed_allocator.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

namespace sockscope::perf_data {
namespace {

using Numbers = std::vector<std::uint64_t, FileBackedAllocator<std::uint64_t>>;

constexpr std::size_t kMany = 1'000'000;  // 8 MB

// The line of /proc/self/maps that has the address in it.
std::string mapping_of(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const std::uintptr_t from = std::stoull(line, nullptr, 16);
    const std::uintptr_t to = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
    if (from <= wanted && wanted < to) return line;
  }
  return {};
}

Numbers many_numbers() {
  Numbers numbers;
  for (std::uint64_t i = 0; i < kMany; ++i) numbers.push_back(i);
  return numbers;
}

TEST(FileBackedAllocator, PutsWhatIsLargeIntoANamelessFile) {
  const Numbers numbers = many_numbers();
  EXPECT_EQ(std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0}), kMany * (kMany - 1) / 2);
  EXPECT_NE(mapping_of(numbers.data()).find("(deleted)"), std::string::npos) << mapping_of(numbers.data());
  const Numbers few(100);
  EXPECT_EQ(mapping_of(few.data()).find("(deleted)"), std::string::npos) << mapping_of(few.data());
}

TEST(FileBackedAllocator, DoesWithoutAFileWhereNoneCanBeMade) {
  ASSERT_EQ(::setenv("TMPDIR", "/nowhere", 1), 0);
  const Numbers numbers = many_numbers();
  ::unsetenv("TMPDIR");
  EXPECT_EQ(numbers.back(), kMany - 1);
  EXPECT_EQ(mapping_of(numbers.data()).find("(deleted)"), std::string::npos);
}

}  // namespace
}  // namespace sockscope::perf_data
