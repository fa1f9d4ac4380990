#include "workloads/netcat/one_way.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sockscope::netcat {
namespace {

// Not an error of the descriptor: it is asked again after the next poll(2).
bool is_transient(int error) { return error == EINTR || error == EAGAIN; }

}  // namespace

OneWay::Filled OneWay::fill() {
  std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_), bytes_.begin() + static_cast<std::ptrdiff_t>(end_),
            bytes_.begin());
  end_ -= begin_;
  begin_ = 0;
  fresh_ = end_;
  const ssize_t got = read(source_, bytes_.data() + end_, bytes_.size() - end_);
  if (got < 0) return is_transient(errno) ? Filled::kNothingYet : Filled::kError;
  end_ += static_cast<std::size_t>(got);
  return got == 0 ? Filled::kEnd : Filled::kData;
}

OneWay::Drained OneWay::drain_line() {
  const auto waiting = std::span(bytes_).first(end_).subspan(begin_);
  const auto newline = std::ranges::find(waiting, std::byte{'\n'});
  if (newline == waiting.end()) return drain();
  const auto size = static_cast<std::size_t>(newline - waiting.begin()) + 1;
  const std::size_t line_end = begin_ + size;
  const Drained drained = write_first(size);
  return drained != Drained::kError && begin_ == line_end ? Drained::kLine : drained;
}

OneWay::Drained OneWay::write_first(std::size_t size) {
  const ssize_t put = write(sink_, bytes_.data() + begin_, size);
  if (put < 0) return is_transient(errno) ? Drained::kSome : Drained::kError;
  begin_ += static_cast<std::size_t>(put);
  return is_empty() ? Drained::kAll : Drained::kSome;
}

void OneWay::abandon() {
  source_ = -1;
  sink_ = -1;
  begin_ = end_;
}

}  // namespace sockscope::netcat
