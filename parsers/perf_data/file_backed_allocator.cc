#include "parsers/perf_data/file_backed_allocator.h"

#include <sys/mman.h>
#include <unistd.h>

#include "parsers/perf_data/temporary_file.h"

namespace sockscope::perf_data {

void* allocate_file_backed(std::size_t bytes) {
  const auto file = make_temporary_file();
  const bool has_room = file && ::ftruncate(file->get(), static_cast<off_t>(bytes)) == 0;
  void* const memory = has_room ? ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file->get(), 0)
                                : ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

void free_file_backed(void* memory, std::size_t bytes) noexcept { ::munmap(memory, bytes); }

}  // namespace sockscope::perf_data
