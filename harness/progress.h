#pragma once

#include <cstddef>

#include "harness/run_plan.h"

namespace sockscope {

/// One line on stderr that says what runs now, on a terminal only.
class Progress {
 public:
  explicit Progress(std::size_t steps);
  Progress(const Progress&) = delete;
  Progress(Progress&&) = delete;
  Progress& operator=(const Progress&) = delete;
  Progress& operator=(Progress&&) = delete;
  ~Progress();

  void begin(const RunStep& step);

 private:
  std::size_t steps_;
  std::size_t begun_ = 0;
  bool is_terminal_;
};

}  // namespace sockscope
