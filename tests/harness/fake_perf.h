#pragma once

#include <string>
#include <string_view>

#include "tests/harness/temp_tree.h"

namespace sockscope {

/// A `perf` of the test's own, first in PATH for as long as this object lives. It behaves like `perf record --control`
/// does: `answer` is what it does for each command that it reads, `on_interrupt` what it does at SIGINT. Both are bash,
/// with $command, $output (-o) and the function `say` that writes an answer.
struct FakePerfBehaviour {
  std::string_view at_start = ":";
  std::string_view answer = "say 'ack\\n\\0'";
  std::string_view on_interrupt = "exit 0";
};

class FakePerf {
 public:
  explicit FakePerf(const FakePerfBehaviour& behaviour = {});

 private:
  TempTree bin_;
  ScopedEnvironment path_;
};

}  // namespace sockscope
