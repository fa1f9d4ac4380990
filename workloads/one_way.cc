#include "workloads/one_way.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <span>

namespace sockscope {

void MessageHeader::write_to(std::vector<std::byte>& message) const { std::memcpy(message.data(), this, sizeof *this); }

MessageHeader MessageHeader::read_from(const std::vector<std::byte>& message) {
  MessageHeader header;
  std::memcpy(&header, message.data(), sizeof header);
  return header;
}

Result<std::uint64_t> end_phase(int socket, const WorkloadSpec& spec, const PhaseMarker& marker) {
  if (spec.protocol == Protocol::kTcp) {
    if (marker.phase == Phase::kWarmUp || shutdown(socket, SHUT_WR) == 0) return 0;
    return fail(ErrorKind::kEnvironment, "cannot tell the server that the run is over: {}", errno_text(errno));
  }
  auto told = tell_phase_over(socket, marker);
  if (!told) return pass_on(told);
  if (told->is_confirmed || marker.phase == Phase::kMeasured) return told->markers;
  return fail(ErrorKind::kEnvironment, "the server does not answer");
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
    if (marker->phase == phase && phase == Phase::kWarmUp) counts_ = KernelCounts(socket_, spec_);
    confirm(socket_, *marker);
    // That of an earlier phase comes again if our confirmation was lost.
    if (marker->phase != phase) continue;
    sent_ = marker->sent;
    ++markers_;
    return false;
  }
}

std::uint64_t MessageReceiver::drain_markers() {
  ssize_t got = 0;
  while ((got = recv(socket_, message_.data(), message_.size(), MSG_DONTWAIT)) > 0) {
    if (marker_of(std::span<const std::byte>(message_).first(static_cast<std::size_t>(got)))) ++markers_;
  }
  return markers_;
}

Result<> MessageReceiver::warm_up() {
  const bool is_stream = spec_.protocol == Protocol::kTcp;
  for (std::uint64_t i = 0; !is_stream || i < spec_.warm_up; ++i) {
    auto came = next(Phase::kWarmUp);
    if (!came) return pass_on(came);
    if (*came) continue;
    markers_ = 0;
    if (!is_stream) return {};
    return fail(ErrorKind::kEnvironment, "the client left during the warm-up");
  }
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

void add_losses(const SequenceCheck& check, std::uint64_t sent, Measurements& measured) {
  measured.add_count("received", check.received());
  measured.add_count("lost", sent - check.received());
  measured.add_count("reordered", check.reordered());
  measured.add_count("duplicated", check.duplicated());
}

}  // namespace sockscope
