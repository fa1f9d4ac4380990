#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/child_process.h"

/// The real program, run the way a user runs it.
namespace sockscope::testing {

struct Finished {
  int status = 0;
  std::string out;
  std::string err;
};

/// Runs a program to its end, stdout and stderr apart.
Finished run(const std::vector<std::string>& command);

/// The same for sockscope with these arguments.
Finished sockscope(std::vector<std::string> arguments);

/// Runs sockscope in the background.
ChildProcess start_sockscope(std::vector<std::string> arguments);

/// Why this machine cannot trace, as its doctor says; empty where it can.
std::string why_no_tracing();

/// The direct children of a process, by name (comm).
std::vector<std::pair<pid_t, std::string>> children_of(pid_t parent);

/// Waits until a child of that name is there; `perf` alone means `perf record`, not the doctor's `perf --version`. 0 if
/// it does not come.
pid_t wait_for_child(pid_t parent, const std::string& name, std::chrono::milliseconds patience);

bool is_alive(pid_t pid);

/// A directory of the test's own, gone at its end.
class Scratch {
 public:
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch(Scratch&&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch();
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Skips, and so counts as skipped, where tracing is not possible.
#define SKIP_WITHOUT_TRACING() \
  if (const auto reason = testing::why_no_tracing(); !reason.empty()) GTEST_SKIP() << "cannot trace here:\n" << reason

}  // namespace sockscope::testing
