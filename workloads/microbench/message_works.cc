#include "workloads/microbench/message_works.h"

#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "base/child_process.h"
#include "workloads/address.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

/// Any content but zeros, which an eventfd would not tell from nothing.
std::vector<std::byte> message_of(std::size_t size) { return std::vector<std::byte>(size, std::byte{1}); }

/// How many messages lie in a socket's usual buffers at once: datagrams cost their buffer several times their size.
std::size_t batch_of(std::size_t size) {
  constexpr std::size_t most = 64;
  constexpr std::size_t bytes = 98'304;
  return std::clamp<std::size_t>(bytes / std::max<std::size_t>(size, 1), 1, most);
}

template <class Kind, class... Arguments>
AnyWork made(Arguments&&... arguments) {
  return std::make_unique<Kind>(std::forward<Arguments>(arguments)...);
}

class SameThread : public Work {
 public:
  SameThread(Channel between, std::size_t size) : channel(std::move(between)), sent(message_of(size)), received(size) {}

  int once() noexcept override {
    if (const int error = send(); error != 0) return error;
    return channel.server.receive(received);
  }
  int finish() noexcept override { return sent == received ? 0 : EBADMSG; }

 protected:
  virtual int send() noexcept { return channel.client.send(sent); }

  Channel channel;
  std::vector<std::byte> sent;
  std::vector<std::byte> received;
};

class Unconnected : public SameThread {
 public:
  Unconnected(Channel between, UniqueFd sender, const Address& to, std::size_t size)
      : SameThread(std::move(between), size), sender_(std::move(sender)), to_(to) {}

 protected:
  int send() noexcept override {
    const ssize_t put = sendto(sender_.get(), sent.data(), sent.size(), 0, to_.get(), to_.size());
    return put == std::ssize(sent) ? 0 : errno;
  }

 private:
  UniqueFd sender_;
  Address to_;
};

class SendAlone : public SameThread {
 public:
  using SameThread::SameThread;

  [[nodiscard]] std::size_t batch() const override { return batch_of(sent.size()); }
  int once() noexcept override {
    const int error = send();
    under_way_ += error == 0 ? 1 : 0;
    return error;
  }
  /// Takes out what was sent.
  int prepare() noexcept override {
    for (; under_way_ != 0; --under_way_) {
      if (const int error = channel.server.receive(received); error != 0) return error;
    }
    return 0;
  }
  int finish() noexcept override {
    if (const int error = prepare(); error != 0) return error;
    return SameThread::finish();
  }

 private:
  std::size_t under_way_ = 0;
};

class ReceiveAlone : public SameThread {
 public:
  using SameThread::SameThread;

  [[nodiscard]] std::size_t batch() const override { return batch_of(sent.size()); }
  int once() noexcept override { return channel.server.receive(received); }
  int prepare() noexcept override {
    for (std::size_t i = 0; i < batch(); ++i) {
      if (const int error = send(); error != 0) return error;
    }
    return 0;
  }
};

/// Datagrams of one size that are sent or received by one call.
class Batch {
 public:
  Batch(std::size_t size, std::size_t count) : bytes_(message_of(size * count)), parts_(count), messages_(count) {
    for (std::size_t i = 0; i < count; ++i) {
      parts_[i] = {.iov_base = bytes_.data() + i * size, .iov_len = size};
      messages_[i].msg_hdr = {.msg_iov = &parts_[i], .msg_iovlen = 1};
    }
  }

  int send(int socket) noexcept { return went(sendmmsg(socket, messages_.data(), count(), 0)); }
  int receive(int socket) noexcept { return went(recvmmsg(socket, messages_.data(), count(), MSG_WAITALL, nullptr)); }

 private:
  [[nodiscard]] unsigned count() const { return static_cast<unsigned>(messages_.size()); }
  [[nodiscard]] int went(int done) const noexcept {
    if (done == std::ssize(messages_)) return 0;
    return done < 0 ? errno : EMSGSIZE;
  }

  std::vector<std::byte> bytes_;
  std::vector<iovec> parts_;
  std::vector<mmsghdr> messages_;
};

/// Times one half of a batch and does the other one while nobody times.
class BatchHalf : public Work {
 public:
  enum class Half { kSend, kReceive };

  BatchHalf(Channel channel, std::size_t size, std::size_t count, Half timed)
      : channel_(std::move(channel)), batch_(size, count), count_(count), timed_(timed) {}

  [[nodiscard]] std::size_t batch() const override { return 1; }
  [[nodiscard]] std::size_t units() const override { return count_; }
  int prepare() noexcept override {
    if (timed_ == Half::kReceive) return batch_.send(channel_.client.out());
    return finish();
  }
  int once() noexcept override {
    if (timed_ == Half::kReceive) return batch_.receive(channel_.server.in());
    is_under_way_ = true;
    return batch_.send(channel_.client.out());
  }
  int finish() noexcept override {
    return std::exchange(is_under_way_, false) ? batch_.receive(channel_.server.in()) : 0;
  }

 private:
  Channel channel_;
  Batch batch_;
  std::size_t count_;
  Half timed_;
  bool is_under_way_ = false;
};

class Segmented : public Work {
 public:
  Segmented(Channel channel, std::size_t size, std::size_t count, bool with_gro)
      : channel_(std::move(channel)),
        sent_(message_of(size * count)),
        received_(sent_.size()),
        with_gro_(with_gro),
        count_(count) {}

  [[nodiscard]] std::size_t units() const override { return count_; }
  int once() noexcept override {
    if (const int error = channel_.client.send(sent_); error != 0) return error;
    std::size_t got = 0;
    while (got < sent_.size()) {
      const ssize_t part = recv(channel_.server.in(), received_.data() + got, received_.size() - got, 0);
      if (part <= 0) return part < 0 ? errno : ECONNRESET;
      got += static_cast<std::size_t>(part);
      if (with_gro_ && got != sent_.size()) return EMSGSIZE;
    }
    return 0;
  }
  int finish() noexcept override { return sent_ == received_ ? 0 : EBADMSG; }

 private:
  Channel channel_;
  std::vector<std::byte> sent_;
  std::vector<std::byte> received_;
  bool with_gro_;
  std::size_t count_;
};

class Zerocopy : public SameThread {
 public:
  using SameThread::SameThread;

  int once() noexcept override {
    if (const int error = channel.client.send(sent, MSG_ZEROCOPY); error != 0) return error;
    if (const int error = channel.server.receive(received); error != 0) return error;
    return take_completion();
  }

 private:
  /// The pages are ours again. On loopback the kernel copies after all when the message is delivered, and says so.
  int take_completion() noexcept {
    std::array<std::byte, 128> control{};
    msghdr message{.msg_control = control.data(), .msg_controllen = control.size()};
    if (recvmsg(channel.client.in(), &message, MSG_ERRQUEUE) < 0) return errno;
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    if (header == nullptr) return EBADMSG;
    const auto* const error = reinterpret_cast<const sock_extended_err*>(CMSG_DATA(header));  // NOLINT: cmsg(3)
    return error->ee_origin == SO_EE_ORIGIN_ZEROCOPY ? 0 : EBADMSG;
  }
};

class FromFile : public SameThread {
 public:
  FromFile(Channel between, UniqueFd file, Pipe pipe, bool by_splice, std::size_t size)
      : SameThread(std::move(between), size), file_(std::move(file)), pipe_(std::move(pipe)), by_splice_(by_splice) {}

 protected:
  int send() noexcept override { return by_splice_ ? by_splice() : by_sendfile(); }

 private:
  int by_sendfile() noexcept {
    off_t at = 0;
    const ssize_t put = sendfile(channel.client.out(), file_.get(), &at, sent.size());
    return put == std::ssize(sent) ? 0 : (put < 0 ? errno : EMSGSIZE);
  }
  int by_splice() noexcept {
    off64_t at = 0;
    std::size_t left = sent.size();
    while (left != 0) {
      const ssize_t in = splice(file_.get(), &at, pipe_.write_end.get(), nullptr, left, 0);
      if (in <= 0) return in < 0 ? errno : EMSGSIZE;
      const auto more = left > static_cast<std::size_t>(in) ? SPLICE_F_MORE : 0U;
      const ssize_t put =
          splice(pipe_.read_end.get(), nullptr, channel.client.out(), nullptr, static_cast<std::size_t>(in), more);
      if (put != in) return put < 0 ? errno : EMSGSIZE;
      left -= static_cast<std::size_t>(in);
    }
    return 0;
  }

  UniqueFd file_;
  Pipe pipe_;
  bool by_splice_;
};

Result<UniqueFd> file_of(std::size_t size) {
  UniqueFd file(memfd_create("socket_bench", MFD_CLOEXEC));
  const auto content = message_of(size);
  if (!file || write(file.get(), content.data(), size) != static_cast<ssize_t>(size)) {
    return fail(ErrorKind::kEnvironment, "cannot make a file in memory: {}", errno_text(errno));
  }
  return file;
}

Result<> set_option(int socket, int level, int option, const char* name, int value) {
  if (setsockopt(socket, level, option, &value, sizeof value) == 0) return {};
  return fail(ErrorKind::kEnvironment, "this kernel refuses {}: {}", name, errno_text(errno));
}

AnyWork from_file(std::size_t size, bool by_splice) {
  auto channel = Channel::open(Transport::kTcp);
  if (!channel) return pass_on(channel);
  auto file = file_of(size);
  if (!file) return pass_on(file);
  auto pipe = Pipe::open();
  if (!pipe) return pass_on(pipe);
  return made<FromFile>(std::move(*channel), std::move(*file), std::move(*pipe), by_splice, size);
}

/// Work between the two ends of a channel.
template <class Kind, class... Arguments>
AnyWork over(Transport transport, const SocketOptions& options, Arguments&&... arguments) {
  auto channel = Channel::open(transport, options);
  if (!channel) return pass_on(channel);
  return made<Kind>(std::move(*channel), std::forward<Arguments>(arguments)...);
}

}  // namespace

AnyWork same_thread_message(Transport transport, std::size_t size, const SocketOptions& options) {
  return over<SameThread>(transport, options, size);
}

AnyWork unconnected_message(std::size_t size) {
  auto channel = Channel::open(Transport::kUdp);
  if (!channel) return pass_on(channel);
  // The receiver is connected to the channel's client: another one, which is not, receives from anybody.
  auto bound = bind_server(Protocol::kUdp, 0);
  if (!bound) return pass_on(bound);
  const auto port = local_port(bound->get());
  if (!port) return std::unexpected(port.error());
  const auto to = server_address({}, *port);
  if (!to) return std::unexpected(to.error());
  auto sender = open_socket(Protocol::kUdp, {});
  if (!sender) return pass_on(sender);
  channel->server = {Transport::kUdp, std::move(*bound)};
  return made<Unconnected>(std::move(*channel), std::move(*sender), *to, size);
}

AnyWork send_alone(Transport transport, std::size_t size) { return over<SendAlone>(transport, {}, size); }
AnyWork receive_alone(Transport transport, std::size_t size) { return over<ReceiveAlone>(transport, {}, size); }

AnyWork sendmmsg_alone(Transport transport, std::size_t size, std::size_t count) {
  return over<BatchHalf>(transport, {}, size, count, BatchHalf::Half::kSend);
}
AnyWork recvmmsg_alone(Transport transport, std::size_t size, std::size_t count) {
  return over<BatchHalf>(transport, {}, size, count, BatchHalf::Half::kReceive);
}

AnyWork segmented_message(std::size_t size, std::size_t count, bool with_gro) {
  auto channel = Channel::open(Transport::kUdp);
  if (!channel) return pass_on(channel);
  const auto cut = set_option(channel->client.out(), SOL_UDP, UDP_SEGMENT, "UDP_SEGMENT", static_cast<int>(size));
  if (!cut) return std::unexpected(cut.error());
  const auto joined = with_gro ? set_option(channel->server.in(), SOL_UDP, UDP_GRO, "UDP_GRO", 1) : Result<>{};
  if (!joined) return std::unexpected(joined.error());
  return made<Segmented>(std::move(*channel), size, count, with_gro);
}

AnyWork zerocopy_message(std::size_t size) {
  auto channel = Channel::open(Transport::kTcp);
  if (!channel) return pass_on(channel);
  const auto allowed = set_option(channel->client.out(), SOL_SOCKET, SO_ZEROCOPY, "SO_ZEROCOPY", 1);
  if (!allowed) return std::unexpected(allowed.error());
  return made<Zerocopy>(std::move(*channel), size);
}

AnyWork sendfile_message(std::size_t size) { return from_file(size, false); }
AnyWork splice_message(std::size_t size) { return from_file(size, true); }

}  // namespace sockscope
