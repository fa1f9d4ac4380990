#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

/// Replaces operator new by one that counts the bytes that it hands out. For one file of a test program.
namespace sockscope::test_support {

inline std::atomic<std::size_t> allocated = 0;

/// What `work` allocates, whatever it frees.
template <class Work>
std::size_t bytes_allocated_by(const Work& work) {
  const std::size_t before = allocated;
  work();
  return allocated - before;
}

}  // namespace sockscope::test_support

// NOLINTBEGIN(misc-definitions-in-headers): they may be defined once, and not inline
void* operator new(std::size_t size) {
  sockscope::test_support::allocated += size;
  if (void* memory = std::malloc(size)) return memory;  // NOLINT(*-no-malloc,*-owning-memory): this is what new is
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }  // NOLINT(*-no-malloc,*-owning-memory)
void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }
// NOLINTEND(misc-definitions-in-headers)
