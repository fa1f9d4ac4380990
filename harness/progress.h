#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "harness/run_plan.h"

namespace sockscope {

/// "about 12 s left", "about 3 min left": as long for each step that is left as those that are done took on average.
/// Empty while none is done.
std::string time_left(std::chrono::steady_clock::duration elapsed, std::size_t done, std::size_t steps);

/// One line on stderr that says what runs now and for how long, on a terminal only.
class Progress {
 public:
  explicit Progress(std::size_t steps);
  Progress(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress& operator=(Progress&&) = delete;
  ~Progress();

  /// A repeat is not one of the steps.
  void begin(const RunStep& step, const Variant& variant, bool is_repeat = false);

 private:
  std::size_t steps_;
  std::size_t begun_ = 0;
  bool is_terminal_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace sockscope
