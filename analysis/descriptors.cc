#include "analysis/descriptors.h"

namespace sockscope {

void Descriptors::open(int fd, SocketNumber socket, bool close_on_exec) {
  descriptors_[fd] = {.socket = socket, .close_on_exec = close_on_exec};
}

void Descriptors::duplicate(int from, int to, bool close_on_exec) {
  if (from == to) return;  // dup2(2) does nothing then
  const SocketNumber socket = find(from);
  if (socket == kNoSocket) {
    close(to);
  } else {
    open(to, socket, close_on_exec);
  }
}

void Descriptors::set_close_on_exec(int fd, bool close_on_exec) {
  if (Descriptor* const descriptor = descriptors_.find(fd)) descriptor->close_on_exec = close_on_exec;
}

void Descriptors::close(int fd) { descriptors_.erase(fd); }

void Descriptors::close_range(std::uint32_t first, std::uint32_t last) {
  descriptors_.erase_if([=](std::int32_t fd, const Descriptor&) {
    const auto number = static_cast<std::uint32_t>(fd);
    return first <= number && number <= last;
  });
}

void Descriptors::exec() {
  descriptors_.erase_if([](std::int32_t, const Descriptor& descriptor) { return descriptor.close_on_exec; });
}

SocketNumber Descriptors::find(int fd) const {
  const Descriptor* const found = descriptors_.find(fd);
  return found == nullptr ? kNoSocket : found->socket;
}

}  // namespace sockscope
