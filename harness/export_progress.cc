#include "harness/export_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "base/printable.h"

namespace sockscope {
namespace {

constexpr const char* kClearLine = "\r\033[K";

}  // namespace

ExportProgress::ExportProgress(std::size_t recordings)
    : recordings_(recordings), is_terminal_(isatty(STDERR_FILENO) != 0) {}

void ExportProgress::begin(std::string name) {
  ++begun_;
  name_ = std::move(name);
  events_ = 0;
}

void ExportProgress::show() {
  if (!is_terminal_) return;
  fmt::print(stderr, "{}[{}/{}] {}: {} events", kClearLine, begun_, recordings_, printable(name_), events_);
  std::fflush(stderr);
  is_shown_ = true;
}

void ExportProgress::clear() {
  if (is_shown_) fmt::print(stderr, "{}", kClearLine);
  is_shown_ = false;
}

}  // namespace sockscope
