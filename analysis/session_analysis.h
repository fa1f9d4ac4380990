#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/event.h"
#include "analysis/kernel_sockets.h"
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
  /// The processes that the programs were started as.
  explicit SessionAnalysis(std::span<const std::int32_t> pids);

  /// Takes the event, and adds to it what TraceAnalysis needs to know of it.
  void on(Event& event);

  /// TraceAnalysis' numbers so far, of the programs, with what only this knows.
  [[nodiscard]] TraceResult result() const;

 private:
  struct Socket {
    Protocol protocol = Protocol::kTcp;
    bool is_accepted = false;
  };
  /// The system call that a thread is in.
  struct Call {
    std::optional<SocketCall> made;  // if it is one that makes or closes sockets
    SyscallKind kind = SyscallKind::kOther;
    std::optional<Protocol> protocol;  // of what it sends
    bool has_transferred = false;      // sock_send_length or sock_recv_length named its socket
  };
  struct Thread {
    Process* process = nullptr;  // null: another program's
    Call call;
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
  bool handle(const Event& at, const NetRxSoftirqEnd& event);
  bool handle(const Event& at, const TaskFork& event);
  template <class Other>
  bool handle(const Event& /*at*/, const Other& /*event*/) {
    return true;
  }

  Thread& thread(std::int32_t tid) { return threads_[tid]; }
  [[nodiscard]] const Socket* socket_of(const Process& process, int fd) const;
  static void count_call(Process& process);
  static void use(Process& process, Protocol protocol);
  void begin(Thread& caller, const SocketCall& call);
  void end(Process& process, const SocketCall& call, std::int64_t ret);
  void make(Process& process, std::int64_t fd, Socket socket, bool close_on_exec);
  [[nodiscard]] static Owner sender_of(const Thread& thread, bool in_softirq);

  ProgramProcesses processes_;
  ThreadTable<Thread> threads_;
  std::vector<Socket> sockets_;  // by SocketNumber
  KernelSockets kernel_sockets_;
  PacketOwners packets_;
  OfProtocols<std::uint64_t> sockets_made_;
  OfProtocols<std::uint64_t> messages_;
  std::uint64_t state_changes_ = 0;
  TraceAnalysis messages_of_programs_;
};

}  // namespace sockscope
