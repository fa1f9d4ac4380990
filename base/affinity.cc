#include "base/affinity.h"

#include <utility>

#include "base/cpu_list.h"

namespace sockscope {

Affinity::Affinity(const std::vector<int>& cpus) {
  std::vector<int> before = allowed_cpus();
  if (!cpus.empty() && move_to_cpus(cpus)) before_ = std::move(before);
}

Affinity::~Affinity() {
  if (!before_.empty()) move_to_cpus(before_);
}

}  // namespace sockscope
