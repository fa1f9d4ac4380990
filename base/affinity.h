#pragma once

#include <vector>

namespace sockscope {

/// Keeps the calling thread, and the threads that it starts meanwhile, on these of its CPUs; where it was before once
/// this ends. With an empty list, or one that the kernel refuses, it stays where it is.
class Affinity {
 public:
  explicit Affinity(const std::vector<int>& cpus);

  Affinity(const Affinity&) = delete;
  Affinity(Affinity&&) = delete;
  Affinity& operator=(const Affinity&) = delete;
  Affinity& operator=(Affinity&&) = delete;
  ~Affinity();

 private:
  std::vector<int> before_;  // empty if nothing was changed
};

}  // namespace sockscope
