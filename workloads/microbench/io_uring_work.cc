#include <liburing.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "workloads/microbench/message_works.h"

namespace sockscope {
namespace {

/// A ring that is gone with the object.
class Ring {
 public:
  /// 0, or an errno value: EPERM where kernel.io_uring_disabled or a sandbox forbids it, ENOSYS on kernels before 5.1.
  int open() noexcept {
    constexpr unsigned entries = 4;
    const int status = io_uring_queue_init(entries, &ring_, 0);
    is_open_ = status == 0;
    return -status;
  }

  Ring() = default;
  Ring(const Ring&) = delete;
  Ring(Ring&&) = delete;
  Ring& operator=(const Ring&) = delete;
  Ring& operator=(Ring&&) = delete;
  ~Ring() {
    if (is_open_) io_uring_queue_exit(&ring_);
  }

  io_uring_sqe* next() noexcept { return io_uring_get_sqe(&ring_); }

  /// Submits what was prepared, and waits for its result: bytes, or a negative errno value.
  int result() noexcept {
    if (const int status = io_uring_submit_and_wait(&ring_, 1); status < 0) return status;
    io_uring_cqe* done = nullptr;
    if (const int status = io_uring_peek_cqe(&ring_, &done); status < 0) return status;
    const int result = done->res;
    io_uring_cqe_seen(&ring_, done);
    return result;
  }

 private:
  io_uring ring_{};
  bool is_open_ = false;
};

class IoUring : public Work {
 public:
  IoUring(Channel channel, std::unique_ptr<Ring> ring, std::size_t size)
      : channel_(std::move(channel)), ring_(std::move(ring)), sent_(size, std::byte{1}), received_(size) {}

  int once() noexcept override {
    io_uring_prep_send(ring_->next(), channel_.client.out(), sent_.data(), sent_.size(), MSG_NOSIGNAL);
    if (const int error = went(ring_->result()); error != 0) return error;
    io_uring_prep_recv(ring_->next(), channel_.server.in(), received_.data(), received_.size(), MSG_WAITALL);
    return went(ring_->result());
  }
  int finish() noexcept override { return sent_ == received_ ? 0 : EBADMSG; }

 private:
  [[nodiscard]] int went(int result) const noexcept {
    if (result == static_cast<int>(sent_.size())) return 0;
    return result < 0 ? -result : EMSGSIZE;
  }

  Channel channel_;
  std::unique_ptr<Ring> ring_;
  std::vector<std::byte> sent_;
  std::vector<std::byte> received_;
};

}  // namespace

AnyWork io_uring_message(Transport transport, std::size_t size) {
  auto channel = Channel::open(transport);
  if (!channel) return pass_on(channel);
  auto ring = std::make_unique<Ring>();
  if (const int error = ring->open(); error != 0) {
    return fail(ErrorKind::kEnvironment, "io_uring cannot be used here: {}", errno_text(error));
  }
  return std::make_unique<IoUring>(std::move(*channel), std::move(ring), size);
}

}  // namespace sockscope
