#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <vector>

#include "base/error.h"

namespace sockscope {

/// What a benchmark repeats: a call, a message, a round trip. Made ready by its constructor or factory, pinned and
/// connected; the runner (bench_runner.h) warms it up, times it, and counts what the kernel does for it.
class Work {
 public:
  Work() = default;
  Work(const Work&) = delete;
  Work(Work&&) = delete;
  Work& operator=(const Work&) = delete;
  Work& operator=(Work&&) = delete;
  virtual ~Work() = default;

  /// Once. 0, or an errno value if it did not do what it is there for: what fails has no time.
  virtual int once() noexcept = 0;

  /// How often once() can be repeated after a prepare(), which is not timed; 0: for ever, without any.
  [[nodiscard]] virtual std::size_t batch() const { return 0; }
  virtual int prepare() noexcept { return 0; }

  /// After the last time: whether everything that was sent was received. 0, or an errno value.
  virtual int finish() noexcept { return 0; }

  /// Messages or calls in once(): what counts and times are divided by.
  [[nodiscard]] virtual std::size_t units() const { return 1; }

  /// The threads that do it.
  [[nodiscard]] virtual std::vector<pid_t> tids() const { return {gettid()}; }
};

}  // namespace sockscope
