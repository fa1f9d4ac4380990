#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "base/histogram.h"

// There are as many histograms as threads in a recording, so that an empty one must cost nothing; and one of them
// measures, so that recording must not allocate there. Both are seen by counting what operator new hands out.
namespace {

std::size_t allocated = 0;

}  // namespace

void* operator new(std::size_t size) {
  allocated += size;
  if (void* memory = std::malloc(size)) return memory;  // NOLINT(*-no-malloc,*-owning-memory): this is what new is
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }  // NOLINT(*-no-malloc,*-owning-memory)
void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }

namespace sockscope {
namespace {

constexpr std::size_t kOctave = 256 * sizeof(std::uint64_t);
constexpr std::size_t kOctaves = 39;

template <class Work>
std::size_t bytes_of(const Work& work) {
  const std::size_t before = allocated;
  work();
  return allocated - before;
}

TEST(HistogramMemory, AnEmptyOneHasNone) {
  EXPECT_EQ(bytes_of([] {
              Histogram histogram;
              histogram.merge(Histogram());
              EXPECT_EQ(histogram.quantile(0.5), 0U);
            }),
            0U);
}

TEST(HistogramMemory, FollowsTheLargestValue) {
  EXPECT_EQ(bytes_of([] { Histogram().record(255); }), kOctave);
  EXPECT_EQ(bytes_of([] { Histogram().record(256); }), 2 * kOctave);
  EXPECT_EQ(bytes_of([] { Histogram().record(1'000'000); }), 13 * kOctave);
  EXPECT_EQ(bytes_of([] { Histogram().record(~0ULL); }), kOctaves * kOctave);
}

TEST(HistogramMemory, ReservedItIsTakenOnceAndForAll) {
  Histogram histogram;
  EXPECT_EQ(bytes_of([&] { histogram.reserve(); }), kOctaves * kOctave);
  EXPECT_EQ(bytes_of([&] {
              for (std::uint64_t value = 1; value != 0; value <<= 1U) histogram.record(value);
            }),
            0U);
}

}  // namespace
}  // namespace sockscope
