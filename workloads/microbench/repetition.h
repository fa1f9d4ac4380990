#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "base/monotonic_clock.h"
#include "workloads/microbench/work.h"

namespace sockscope {

/// What an errno value of a Work means.
inline std::unexpected<Error> did_not_do_its_work(int error) {
  return fail(ErrorKind::kEnvironment, "did not do its work: {}", errno_text(error));
}

/// A warm-up of what takes long is over by then, and so is a count.
inline constexpr std::chrono::milliseconds kLongestRepetition{50};

/// Repeats the work in its batches until it was done so often, or for kLongestRepetition; `begin` and `end` are
/// called around each batch, without its prepare(). Says how often it was done.
template <class Begin, class End>
Result<std::size_t> repeat(Work& work, std::size_t times, const Begin& begin, const End& end) {
  const std::uint64_t start = monotonic_now_ns();
  const auto is_over = [&] { return std::chrono::nanoseconds(monotonic_now_ns() - start) > kLongestRepetition; };
  std::size_t done = 0;
  while (done < times && !is_over()) {
    if (const int error = work.batch() == 0 ? 0 : work.prepare(); error != 0) return did_not_do_its_work(error);
    if (auto begun = begin(); !begun) return pass_on(begun);
    const std::size_t batch = work.batch() == 0 ? times : work.batch();
    for (std::size_t i = 0; i < batch; ++i) {
      // What has no batches can be left at any time, and may take long.
      if (work.batch() == 0 && is_over()) break;
      if (const int error = work.once(); error != 0) return did_not_do_its_work(error);
      ++done;
    }
    if (auto ended = end(); !ended) return pass_on(ended);
  }
  return done;
}

inline Result<> warm_up(Work& work) {
  constexpr std::size_t times = 1'000;
  const auto nothing = []() -> Result<> { return {}; };
  const auto done = repeat(work, times, nothing, nothing);
  if (!done) return std::unexpected(done.error());
  return {};
}

}  // namespace sockscope
