#include "workloads/one_way.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "workloads/send_message.h"

namespace sockscope {

void MessageHeader::write_to(std::vector<std::byte>& message) const { std::memcpy(message.data(), this, sizeof *this); }

MessageHeader MessageHeader::read_from(const std::vector<std::byte>& message) {
  MessageHeader header;
  std::memcpy(&header, message.data(), sizeof header);
  return header;
}

Result<> PhaseTeller::tell_over(Phase phase) {
  if (protocol_ == Protocol::kTcp) return phase == Phase::kMeasured ? send_end(socket_, protocol_) : Result<>{};
  if (phase != marker_.phase) markers_ = 0;
  marker_.phase = phase;
  ++markers_;
  return send_marker(socket_, marker_);
}

void PhaseTeller::add_markers(Measurements& measured) const {
  if (protocol_ == Protocol::kUdp) measured.add_count("markers_sent", markers_);
}

Result<bool> MessageReceiver::next(Phase phase) {
  return spec_.protocol == Protocol::kTcp ? next_of_stream() : next_datagram(phase);
}

Result<bool> MessageReceiver::next_of_stream() {
  length_ = 0;
  while (length_ < message_.size()) {
    const ssize_t got = recv(socket_, message_.data() + length_, message_.size() - length_, 0);
    if (got == 0) return length_ != 0;
    if (got > 0) {
      if (spec_.socket.quickack) rearm_quickack(socket_);
      length_ += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    }
  }
  return true;
}

Result<bool> MessageReceiver::next_datagram(Phase phase) {
  while (true) {
    const ssize_t got = recv(socket_, message_.data(), message_.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    length_ = static_cast<std::size_t>(got);
    const auto marker = marker_of(std::span<const std::byte>(message_).first(length_));
    if (!marker) return true;
    // That of an earlier phase may come late.
    if (marker->phase != phase) continue;
    sent_ = marker->sent;
    ++markers_;
    return false;
  }
}

void MessageReceiver::add_counts(Measurements& measured) {
  if (spec_.protocol == Protocol::kUdp) {
    // Those that were sent again are still in the buffer.
    ssize_t got = 0;
    while ((got = recv(socket_, message_.data(), message_.size(), MSG_DONTWAIT)) > 0) {
      if (marker_of(std::span<const std::byte>(message_).first(static_cast<std::size_t>(got)))) ++markers_;
    }
    measured.add_count("markers_received", markers_);
  }
  counts_.add_of_receiver(measured);
}

Result<> MessageReceiver::warm_up() {
  const bool is_stream = spec_.protocol == Protocol::kTcp;
  for (std::uint64_t i = 0; !is_stream || i < spec_.warm_up; ++i) {
    auto came = next(Phase::kWarmUp);
    if (!came) return pass_on(came);
    if (*came) continue;
    if (!is_stream) break;
    return fail(ErrorKind::kEnvironment, "the client left during the warm-up");
  }
  markers_ = 0;
  // The sender has not been told to go on.
  counts_ = KernelCounts(socket_, spec_);
  return {};
}

KernelCounts::KernelCounts(int socket, const WorkloadSpec& spec)
    : socket_(socket), protocol_(spec.protocol), ip_(spec.socket.ip) {
  if (protocol_ == Protocol::kTcp) {
    tcp_ = tcp_counts(socket);
  } else {
    drops_ = socket_drops(socket);
    rcvbuf_errors_ = namespace_count(ip_, "Udp", "RcvbufErrors");
  }
}

void KernelCounts::add_of_sender(Measurements& measured) const {
  if (protocol_ == Protocol::kUdp) return;
  const TcpCounts now = tcp_counts(socket_);
  measured.add_count("data_segments", now.data_segments_out - tcp_.data_segments_out);
  measured.add_count("retransmits", now.retransmits - tcp_.retransmits);
}

void KernelCounts::add_of_receiver(Measurements& measured) const {
  if (protocol_ == Protocol::kTcp) {
    const TcpCounts now = tcp_counts(socket_);
    const std::uint64_t data = now.data_segments_out - tcp_.data_segments_out;
    measured.add_count("acks", now.segments_out - tcp_.segments_out - data);
    return;
  }
  measured.add_count("dropped_by_the_socket", socket_drops(socket_) - drops_);
  measured.add_count("rcvbuf_errors", namespace_count(ip_, "Udp", "RcvbufErrors") - rcvbuf_errors_);
}

void MessageReceiver::add_losses(const SequenceCheck& check, Measurements& measured) const {
  // A stream loses nothing: what was sent is what came. Of datagrams the marker says how many were sent.
  const std::uint64_t sent = spec_.protocol == Protocol::kTcp ? check.received() : sent_;
  measured.add_count("received", check.received());
  measured.add_count("lost", sent - check.received());
  measured.add_count("reordered", check.reordered());
  measured.add_count("duplicated", check.duplicated());
}

}  // namespace sockscope
