#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/monotonic_clock.h"
#include "workloads/end_result.h"
#include "workloads/measured_part.h"
#include "workloads/net_counters.h"
#include "workloads/phase_marker.h"
#include "workloads/sequence_check.h"
#include "workloads/workload_spec.h"

/// What the one-way workloads (message, stream) share: numbered messages, and what becomes of them.
namespace sockscope {

/// What the workload writes into the beginning of a message.
struct MessageHeader {
  std::uint64_t number = 0;
  std::uint64_t sent_ns = 0;

  void write_to(std::vector<std::byte>& message) const;
  static MessageHeader read_from(const std::vector<std::byte>& message);
};

/// The sender's side of the end of a phase.
class PhaseTeller {
 public:
  PhaseTeller(int socket, const WorkloadSpec& spec) : socket_(socket), protocol_(spec.protocol) {}

  /// How many messages there were in the phase that is over now.
  void set_sent(std::uint64_t messages) { marker_.sent = messages; }

  /// Over TCP by the end of the stream (after the measured phase; of the warm-up the receiver knows the number of
  /// messages), over UDP by a marker.
  Result<> tell_over(Phase phase);

  /// UDP: how many markers it took; a full buffer drops markers as it drops messages.
  void add_markers(Measurements& measured) const;

 private:
  int socket_;
  Protocol protocol_;
  PhaseMarker marker_;
  std::uint64_t markers_ = 0;
};

/// What the kernel counts at one end from here on: acknowledgements and segments (TCP), drops (UDP).
class KernelCounts {
 public:
  KernelCounts(int socket, const WorkloadSpec& spec);
  void add_of_sender(Measurements& measured) const;
  void add_of_receiver(Measurements& measured) const;

 private:
  int socket_;
  Protocol protocol_;
  IpVersion ip_;
  TcpCounts tcp_;
  std::uint64_t drops_ = 0;
  std::uint64_t rcvbuf_errors_ = 0;
};

/// Receives whole messages.
class MessageReceiver {
 public:
  MessageReceiver(int socket, const WorkloadSpec& spec)
      : socket_(socket), spec_(spec), message_(spec.size), counts_(socket, spec) {}

  /// Receives the next message of the phase. False: the phase is over.
  Result<bool> next(Phase phase);

  /// The warm-up's messages, uncounted.
  Result<> warm_up();

  [[nodiscard]] const std::vector<std::byte>& message() const { return message_; }
  /// Bytes of the last one; less than the size for the rest of a stream.
  [[nodiscard]] std::size_t length() const { return length_; }
  /// The measured phase: what `on_message` makes of each message.
  template <class OnMessage>
  Result<EndResult> measure(const OnMessage& on_message) {
    EndResult result = result_of(Role::kServer, socket_, spec_);
    const MeasuredPart part;
    while (true) {
      auto came = next(Phase::kMeasured);
      if (!came) return pass_on(came);
      if (!*came) break;
      on_message();
      ++result.round_trips;
    }
    part.end(result, monotonic_now_ns());
    return result;
  }

  /// What became of the messages of the phase: counts received, lost, reordered, duplicated.
  void add_losses(const SequenceCheck& check, Measurements& measured) const;

  /// What the kernel has counted here since the warm-up, and the markers that came: when the sender sends no more.
  void add_counts(Measurements& measured);

 private:
  Result<bool> next_of_stream();
  Result<bool> next_datagram(Phase phase);

  int socket_;
  WorkloadSpec spec_;
  std::vector<std::byte> message_;
  KernelCounts counts_;
  std::size_t length_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t markers_ = 0;
};

}  // namespace sockscope
