#include "harness/cpu_trace.h"

#include <unistd.h>

#include <cerrno>

namespace sockscope {

Result<bool> CpuTrace::read_page() {
  ssize_t got = 0;
  do {
    got = read(fd_, page_.data(), page_.size());
  } while (got < 0 && errno == EINTR);
  if (got == 0 || (got < 0 && errno == EAGAIN)) return false;
  if (got < 0) {
    return fail(ErrorKind::kEnvironment, "cannot read the trace of CPU {}: {}", cpu_, errno_text(errno));
  }
  reader_ = ring_buffer::PageReader(layout_, std::span(page_).first(static_cast<std::size_t>(got)));
  missed_ += reader_.missed();
  return true;
}

Result<bool> CpuTrace::next() {
  while (true) {
    if (reader_.next(entry_)) return true;
    if (reader_.is_damaged()) {
      return fail(ErrorKind::kEnvironment, "this kernel's trace pages are not understood: use --capture perf");
    }
    auto more = read_page();
    if (!more || !*more) return more;
  }
}

}  // namespace sockscope
