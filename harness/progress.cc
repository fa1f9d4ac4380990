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
    case Watch::kNested:
      return "traced with fewer events";
  }
  return {};
}

}  // namespace

std::string time_left(std::chrono::steady_clock::duration elapsed, std::size_t done, std::size_t steps) {
  if (done == 0) return {};
  const auto left = elapsed / done * (steps - done);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
  if (seconds < 100) return fmt::format("about {} s left", seconds);
  return fmt::format("about {} min left", std::chrono::round<std::chrono::minutes>(left).count());
}

Progress::Progress(std::size_t steps) : steps_(steps), is_terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (is_terminal_ && begun_ != 0) fmt::print(stderr, "{}", kClearLine);
}

void Progress::begin(const RunStep& step, const Variant& variant, bool is_repeat) {
  const std::string left = time_left(std::chrono::steady_clock::now() - start_, begun_, steps_);
  if (!is_repeat) ++begun_;
  if (!is_terminal_) return;
  fmt::print(stderr, "{}[{}/{}] round {}: {}, {}{}{}{}", kClearLine, begun_, steps_, step.round, variant.label,
             text_of(step.watch), is_repeat ? ", again" : "", left.empty() ? "" : "; ", left);
  std::fflush(stderr);
}

}  // namespace sockscope
