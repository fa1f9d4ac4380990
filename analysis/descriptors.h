#pragma once

#include <cstdint>
#include <optional>

#include "base/flat_map.h"

namespace sockscope {

/// Names a socket of a recording for good, whichever descriptors it has in whichever process.
using SocketNumber = std::int32_t;
inline constexpr SocketNumber kNoSocket = -1;

/// The descriptors of one process that are sockets, as its system calls made and closed them. All its threads share
/// them; a child process begins with a copy.
class Descriptors {
 public:
  void open(int fd, SocketNumber socket, bool close_on_exec);
  /// dup(2) and its kin: `to` becomes what `from` is. What it was before is closed.
  void duplicate(int from, int to, bool close_on_exec);
  void set_close_on_exec(int fd, bool close_on_exec);
  void close(int fd);
  void close_range(std::uint32_t first, std::uint32_t last);
  /// execve(2) has closed those marked for it.
  void exec();

  /// kNoSocket for a file, a socket that is not followed, and one that came from where nobody looked.
  [[nodiscard]] SocketNumber find(int fd) const;

 private:
  struct Descriptor {
    SocketNumber socket = kNoSocket;
    bool close_on_exec = false;
  };
  FlatMap<std::int32_t, Descriptor> descriptors_;
};

}  // namespace sockscope
