#include "harness/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

namespace sockscope {
namespace {

constexpr const char* kClearLine = "\r\033[K";

constexpr std::string_view text_of(Watch watch) {
  switch (watch) {
    case Watch::kNobody:
      return "untraced";
    case Watch::kCounters:
      return "counted";
    case Watch::kPerf:
      return "traced";
  }
  return {};
}

}  // namespace

Progress::Progress(std::size_t steps) : steps_(steps), is_terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (is_terminal_ && begun_ != 0) fmt::print(stderr, "{}", kClearLine);
}

void Progress::begin(const RunStep& step) {
  ++begun_;
  if (!is_terminal_) return;
  fmt::print(stderr, "{}[{}/{}] round {}: {}, {}", kClearLine, begun_, steps_, step.round, name_of(step.protocol),
             text_of(step.watch));
  std::fflush(stderr);
}

}  // namespace sockscope
