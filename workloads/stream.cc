#include "workloads/stream.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <random>
#include <span>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/send_message.h"
#include "workloads/single_flow.h"

namespace sockscope {
namespace {

constexpr std::uint64_t kNoDeadline = std::numeric_limits<std::uint64_t>::max();

}  // namespace

StreamClient::StreamClient(int socket, const WorkloadSpec& spec)
    : socket_(socket), spec_(spec), message_(spec.size), phase_(socket, spec) {
  std::mt19937_64 random(spec.seed);
  for (std::byte& byte : message_) byte = static_cast<std::byte>(random());
}

Result<StreamClient::Sent> StreamClient::send_messages(std::uint64_t count, std::uint64_t deadline_ns) {
  const bool is_numbered = spec_.protocol == Protocol::kUdp;
  const bool has_deadline = deadline_ns != kNoDeadline;
  Sent sent;
  for (; sent.messages < count; ++sent.messages) {
    if (has_deadline && monotonic_now_ns() >= deadline_ns) break;
    if (is_numbered) MessageHeader{.number = sent.messages}.write_to(message_);
    if (auto gone = send_message(socket_, message_); !gone) return pass_on(gone);
  }
  sent.bytes = sent.messages * message_.size();
  return sent;
}

Result<StreamClient::Sent> StreamClient::send_file() {
  const UniqueFd file(open(spec_.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail(ErrorKind::kEnvironment, "cannot read {}: {}", spec_.file, errno_text(errno));
  return spec_.protocol == Protocol::kTcp ? send_file_as_stream(file.get()) : send_file_as_datagrams(file.get());
}

/// Without a copy into this process (sendfile(2)), a message's size at a time.
Result<StreamClient::Sent> StreamClient::send_file_as_stream(int file) const {
  Sent sent;
  while (true) {
    const ssize_t gone = sendfile(socket_, file, nullptr, message_.size());
    if (gone == 0) return sent;
    if (gone < 0 && errno == EINTR) continue;
    if (gone < 0) return fail(ErrorKind::kEnvironment, "cannot send {}: {}", spec_.file, errno_text(errno));
    ++sent.messages;
    sent.bytes += static_cast<std::uint64_t>(gone);
  }
}

/// Behind its header, each datagram holds the next part of the file.
Result<StreamClient::Sent> StreamClient::send_file_as_datagrams(int file) {
  constexpr std::size_t header = sizeof(MessageHeader);
  Sent sent;
  while (true) {
    const ssize_t got = read(file, message_.data() + header, message_.size() - header);
    if (got == 0) return sent;
    if (got < 0) return fail(ErrorKind::kEnvironment, "cannot read {}: {}", spec_.file, errno_text(errno));
    MessageHeader{.number = sent.messages}.write_to(message_);
    const auto datagram = std::span<const std::byte>(message_).first(header + static_cast<std::size_t>(got));
    if (auto gone = send_message(socket_, datagram); !gone) return pass_on(gone);
    ++sent.messages;
    sent.bytes += datagram.size();
  }
}

Result<> StreamClient::warm_up() {
  auto sent = send_messages(spec_.warm_up, kNoDeadline);
  if (!sent) return pass_on(sent);
  phase_.set_sent(sent->messages);
  return tell_over(Phase::kWarmUp);
}

Result<EndResult> StreamClient::measure() {
  EndResult result = result_of(Role::kClient, socket_, spec_);
  const KernelCounts counts(socket_, spec_);
  const MeasuredPart part;
  auto sent = spec_.file.empty() ? send_messages(spec_.count, part.deadline_ns(spec_)) : send_file();
  if (!sent) return pass_on(sent);
  part.end(result, monotonic_now_ns());
  phase_.set_sent(sent->messages);
  if (auto told = tell_over(Phase::kMeasured); !told) return pass_on(told);
  result.round_trips = sent->messages;
  result.measured.unit = "message";
  result.measured.units = sent->messages;
  result.measured.add_count("sent", sent->messages);
  result.measured.add_count("bytes_sent", sent->bytes);
  counts.add_of_sender(result.measured);
  return result;
}

Result<EndResult> StreamServer::measure() {
  const bool is_numbered = spec_.protocol == Protocol::kUdp;
  SequenceCheck check;
  Samples transfer(spec_);
  std::uint64_t bytes = 0;
  std::uint64_t first_ns = 0;
  std::uint64_t last_ns = 0;
  auto result = receiver_.measure([&] {
    last_ns = monotonic_now_ns();
    if (bytes == 0) first_ns = last_ns;
    bytes += receiver_.length();
    if (is_numbered) check.on(MessageHeader::read_from(receiver_.message()).number);
  });
  if (!result) return result;
  if (last_ns > first_ns) transfer.record(last_ns - first_ns);
  keep_times(*result, "transfer", std::move(transfer));
  result->measured.add_count("bytes_received", bytes);
  if (is_numbered) {
    receiver_.add_losses(check, result->measured);
  } else {
    result->measured.add_count("received", result->round_trips);
  }
  return result;
}

Result<EndResult> run_stream_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  return run_single_client<StreamClient>(spec, sockets, barrier);
}

Result<EndResult> run_stream_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  return run_single_server<StreamServer>(spec, sockets, barrier);
}

}  // namespace sockscope
