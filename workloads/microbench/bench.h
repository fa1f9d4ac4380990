#pragma once

#include <functional>
#include <string>

#include "workloads/microbench/message_works.h"

namespace sockscope {

/// One benchmark: its name is <what>/<transport>/<bytes>[/<placement>].
struct Bench {
  std::string name;
  std::function<AnyWork()> make;
  bool is_batched = false;  ///< Its work has batches (Work::batch).
};

}  // namespace sockscope
