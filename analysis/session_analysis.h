#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "analysis/event.h"
#include "analysis/kernel_sockets.h"
#include "analysis/known_process.h"
#include "analysis/of_protocols.h"
#include "analysis/packet_owners.h"
#include "analysis/program_processes.h"
#include "analysis/thread_table.h"
#include "analysis/trace_analysis.h"

namespace sockscope {

/// Follows programs that nobody knows beforehand, in a recording of everything that the machine did: their processes
/// and threads by their forks, their sockets by the calls that make them (socket, accept), pass them on (dup, fcntl,
/// fork) and close them (close, exec), their packets by who queued them and where they arrived.
///
/// It stands before a TraceAnalysis, which gets to see the programs' own calls alone, and each of those with the socket
/// that its descriptor stands for: threads, processes and descriptors that share a socket are one end of a flow.
///
/// Fed with events in time order, from an EventDecoder of Interest::kSessions.
class SessionAnalysis {
 public:
  /// Whether each message is followed to its receive. Segments of a bulk transfer carry parts of several, and packets
  /// of a port scan none: then there are counts alone.
  enum class Messages : std::uint8_t { kFollowed, kCounted };

  /// The processes that the programs were started as, or that ran already. Nothing outside of all their windows counts.
  explicit SessionAnalysis(std::span<const KnownProcess> processes, Messages messages = Messages::kFollowed);

  /// Takes the event, and adds to it what TraceAnalysis needs to know of it.
  void on(Event& event);

  /// As TraceAnalysis does; nothing of messages that are only counted.
  void tell(ExchangeSink sink) {
    if (kind_of_messages_ == Messages::kFollowed) messages_of_programs_.tell(std::move(sink));
  }
  void tell_losses(LossSink sink) {
    if (kind_of_messages_ == Messages::kFollowed) messages_of_programs_.tell_losses(std::move(sink));
  }

  /// TraceAnalysis' numbers so far, of the programs, with what only this knows.
  [[nodiscard]] TraceResult result() const;

 private:
  struct Socket {
    Protocol protocol = Protocol::kTcp;
    bool is_accepted = false;
    bool was_there = false;  // when the recording began
  };
  /// The system call that a thread is in.
  struct Call {
    std::optional<SocketCall> made;  // if it is one that makes or closes sockets
    SyscallKind kind = SyscallKind::kOther;
    std::optional<Protocol> protocol;  // of what it sends
    bool has_transferred = false;      // sock_send_length or sock_recv_length named its socket
    bool was_there = false;            // the socket, when the recording began
    std::uint64_t copies = 0;          // out of skbs
  };
  struct Thread {
    Process* process = nullptr;  // null: another program's
    Call call;
    bool is_at_tcp = false;  // its latest call was on a TCP socket
    PacketOwners::Delivery delivery;
  };

  // Each returns whether TraceAnalysis wants it.
  bool handle(const Event& at, SyscallEnter& event);
  bool handle(const Event& at, const SyscallExit& event);
  bool handle(const Event& at, const SocketCall& event);
  bool handle(const Event& at, const SockLength& event);
  bool handle(const Event& at, const NetDevQueue& event);
  bool handle(const Event& at, const NetifReceiveSkb& event);
  bool handle(const Event& at, const TcpProbe& event);
  bool handle(const Event& at, const SkDataReady& event);
  bool handle(const Event& at, const NetRxSoftirq& event);
  bool handle(const Event& at, const SchedWaking& event);
  bool handle(const Event& at, const SchedSwitch& event);
  bool handle(const Event& at, const InetSockSetState& event);
  bool handle(const Event& at, const SkbCopy& event);
  bool handle(const Event& at, const SkbDrop& event);
  bool handle(const Event& at, const UdpFailQueueRcvSkb& event);
  bool handle(const Event& at, const NetRxSoftirqEnd& event);
  bool handle(const Event& at, const TaskFork& event);
  template <class Other>
  bool handle(const Event& /*at*/, const Other& /*event*/) {
    return true;
  }

  Thread& thread(std::int32_t tid) { return threads_[tid]; }
  [[nodiscard]] const Socket* socket_of(const Process& process, int fd) const;
  void follow(const KnownProcess& known, std::map<std::uint64_t, SocketNumber>& by_inode);
  static void count_call(Process& process, std::uint64_t time_ns);
  [[nodiscard]] SessionTotals totals(Protocol protocol) const;
  void count_receive(const Call& call, std::int64_t ret);
  void add_ends(TracedSummary& summary) const;
  void enter(Thread& caller, const Call& call);
  void set_at_tcp(Thread& caller, bool is_at_tcp);
  static void use(Process& process, Protocol protocol);
  void begin(Thread& caller, const SocketCall& call);
  void end(Process& process, const SocketCall& call, std::int64_t ret);
  void make(Process& process, std::int64_t fd, Socket socket, bool close_on_exec);
  [[nodiscard]] static Owner sender_of(const Thread& thread, bool in_softirq);

  std::vector<KnownProcess> known_;
  Messages kind_of_messages_;
  TimeWindow window_;
  ProgramProcesses processes_;
  ThreadTable<Thread> threads_;
  std::vector<Socket> sockets_;  // by SocketNumber
  KernelSockets kernel_sockets_;
  PacketOwners packets_;
  std::uint32_t threads_at_tcp_ = 0;
  OfProtocols<std::uint64_t> messages_;
  OfProtocols<SessionTotals> counted_;  // what neither the processes nor the packets count
  /// What there was at the end of the window. Messages that are on their way then are still followed.
  std::optional<OfProtocols<SessionTotals>> at_end_;
  TraceAnalysis messages_of_programs_;
};

}  // namespace sockscope
