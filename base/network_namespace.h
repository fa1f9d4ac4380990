#pragma once

#include <utility>

#include "base/error.h"
#include "base/unique_fd.h"

namespace sockscope {

/// A network namespace without a name: it lives as long as somebody has it open, is in it, or has a socket of it. It
/// and all that is in it, devices, addresses, nftables' rules, are gone with the last of us, however we end.
class NetworkNamespace {
 public:
  /// An empty one, with a lo that is down. kEnvironment if this user may not.
  static Result<NetworkNamespace> make();

  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit NetworkNamespace(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

/// The calling thread is in that namespace until this ends: sockets that it opens and processes that it starts are of
/// it. -1 stands for where it is.
class InNamespace {
 public:
  static Result<InNamespace> enter(int namespace_fd);
  InNamespace(InNamespace&&) noexcept = default;
  InNamespace& operator=(InNamespace&&) = delete;
  InNamespace(const InNamespace&) = delete;
  InNamespace& operator=(const InNamespace&) = delete;
  ~InNamespace();

 private:
  friend class NetworkNamespace;
  explicit InNamespace(UniqueFd before) : before_(std::move(before)) {}
  UniqueFd before_;
};

/// The calling thread goes there for good. -1: it stays.
Result<> move_to_namespace(int namespace_fd);

}  // namespace sockscope
