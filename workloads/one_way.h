#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
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

/// Tells the receiver that the phase is over: over TCP by the end of the stream (after the measured phase; of the
/// warm-up it knows the number of bytes), over UDP by a marker. How many markers were sent.
Result<std::uint64_t> end_phase(int socket, const WorkloadSpec& spec, const PhaseMarker& marker);

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
  /// UDP: how many messages of the phase the sender says it has sent.
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

  /// What the kernel has counted here since the warm-up: from before the sender may have known that it is over.
  [[nodiscard]] const KernelCounts& counts() const { return counts_; }

  /// UDP: behind the end of the phase, takes what is left in the buffer: markers that were sent again. How many markers
  /// came in all.
  std::uint64_t drain_markers();

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

/// What became of a receiver's messages: counts received, lost, reordered, duplicated.
void add_losses(const SequenceCheck& check, std::uint64_t sent, Measurements& measured);

}  // namespace sockscope
