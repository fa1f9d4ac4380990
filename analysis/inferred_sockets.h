#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>

#include "analysis/event.h"
#include "base/protocol.h"
#include "parsers/tracepoint/catalog.h"

namespace sockscope {

/// Finds the sockets of a recording whose tracer has no tracepoint at them (LTTng has none; perf before Linux 6.3 has
/// no sock:sock_send_length), and tells TraceAnalysis of them with the events that it would have had. Takes two passes
/// over the recording: learn() from all events, then tell() them on.
///
/// A socket is a descriptor of a thread, and
///
///   - one that sends is that of a send call in which a packet is queued before any has arrived;
///   - one that receives is that of the receive call in which a thread sleeps, or which it makes next, that is woken on
///     the arrival of such a packet. Whom most of a sender's packets wake is its peer;
///   - the protocol is what is left of the packet's length without the bytes that the call sent: 42 is Ethernet, IPv4
///     and UDP (62 with IPv6), all else TCP.
///
/// A receiver that no packet has ever woken is not found, nor is more than one peer of a socket. A descriptor that is
/// closed and opened again for the same protocol is taken for the same socket.
class InferredSockets {
 public:
  using Sink = std::function<void(const Event&)>;

  /// Whether a recording can be helped: it has the system calls, packets and wake-ups, and no events of sockets.
  [[nodiscard]] static bool are_needed(const tracepoint::Catalog& catalog);

  /// The first pass, all events in order of time.
  void learn(const Event& event);
  /// Between the passes.
  void finish_learning();
  /// The second: hands the event on, beside what it tells of sockets.
  void tell(const Event& event, const Sink& sink);

 private:
  using Descriptor = std::uint64_t;  // of a thread
  using Socket = std::uint64_t;      // a descriptor as long as it is of one protocol
  static constexpr Socket kNone = 0;

  struct Thread {
    SyscallKind kind = SyscallKind::kOther;  // of the system call that it is in
    int fd = -1;
    std::optional<std::uint64_t> length;
    std::uint32_t first_packet = 0;  // bytes; 0: none was queued in this call
    bool has_received = false;       // a packet, in this call
    std::uint64_t arrived = 0;       // skb address of the packet that was received last
    Socket woken_for = kNone;        // who sent the packet that woke it outside of a receive call
  };
  struct Peer {
    Descriptor descriptor = 0;  // the candidate, and
    std::uint64_t votes = 0;    // by how many it leads: Boyer and Moore's majority vote
  };

  void follow(const Event& at, const SyscallEnter& event);
  void follow(const Event& at, const NetDevQueue& event);
  void follow(const Event& at, const NetifReceiveSkb& event);
  void follow(const Event& at, const SyscallExit& event);
  void learn(const Event& at, const SchedWaking& event);
  void learn(const Event& at, const SyscallExit& event);
  void end_call(std::int32_t tid);
  void vote(Socket sender, Descriptor receiver);
  void tell_length(const Event& at, const SyscallExit& event, const Sink& sink);
  void tell_arrival(const Event& at, const NetifReceiveSkb& event, const Sink& sink);
  [[nodiscard]] static Descriptor descriptor_of(std::int32_t tid, int fd);
  [[nodiscard]] static Socket socket_of(Descriptor descriptor, Protocol protocol);
  [[nodiscard]] static Protocol protocol_of(Socket socket);
  [[nodiscard]] Thread& thread(std::int32_t tid);

  std::unordered_map<std::int32_t, Thread> threads_;
  std::unordered_map<std::uint64_t, Socket> sender_of_;  // by skb address
  std::unordered_map<Descriptor, Protocol> protocols_;   // as last seen
  std::unordered_map<Socket, Peer> peers_;               // of senders
};

}  // namespace sockscope
