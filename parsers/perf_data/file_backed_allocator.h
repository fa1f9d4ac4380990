#pragma once

#include <cstddef>
#include <new>

namespace sockscope::perf_data {

/// Memory for an index that may come to be large: pages of a nameless file (temporary_file.h), which the kernel can
/// write out, unlike memory of this process. Plain memory where no such file can be made.
[[nodiscard]] void* allocate_file_backed(std::size_t bytes);
void free_file_backed(void* memory, std::size_t bytes) noexcept;

/// Allocator of containers that grow with a recording: what is small stays in memory, so that only recordings of very
/// many chunks, or made to be out of order, touch a disk.
template <class T>
struct FileBackedAllocator {
  using value_type = T;  // NOLINT(readability-identifier-naming): what std calls it
  static constexpr std::size_t kInMemory = 1UL * 1024 * 1024;

  FileBackedAllocator() = default;
  template <class Other>
  explicit(false) FileBackedAllocator(const FileBackedAllocator<Other>& /*other*/) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    return static_cast<T*>(bytes <= kInMemory ? ::operator new(bytes) : allocate_file_backed(bytes));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    const std::size_t bytes = count * sizeof(T);
    if (bytes <= kInMemory) {
      ::operator delete(memory);
    } else {
      free_file_backed(memory, bytes);
    }
  }

  friend bool operator==(const FileBackedAllocator&, const FileBackedAllocator&) noexcept { return true; }
};

}  // namespace sockscope::perf_data
