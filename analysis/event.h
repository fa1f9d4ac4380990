#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/net_device.h"
#include "base/protocol.h"

/// The events of the socket path, decoded: what the analysis works on. Each struct is one tracepoint, or one kind of
/// perf record, with the fields that the analysis needs under the kernel's names.
namespace sockscope {

/// What a system call does with a socket, as far as a message's path is concerned.
enum class SyscallKind { kSend, kReceive, kOther };

struct SyscallEnter {
  SyscallKind kind = SyscallKind::kOther;
  int fd = -1;                          ///< kSend and kReceive only.
  std::optional<std::uint64_t> length;  ///< Bytes to send or room to receive; absent where they are not an argument.
  /// SocketNumber of the socket behind fd, where SessionAnalysis knows it from the calls before, and whether accept(2)
  /// made it. Whoever sends or receives on that socket, by whatever descriptor, means the same one.
  std::int32_t socket = -1;
  bool is_accepted = false;
};

/// Those system calls that make, pass on and close descriptors of sockets, or send packets of their own.
enum class SocketOperation : std::uint8_t {
  kSocket,
  kConnect,
  kAccept,
  kAccept4,
  kBind,
  kListen,
  kShutdown,
  kDup,
  kDup2,
  kDup3,
  kFcntl,
  kClose,
  kCloseRange,
  kExec,
  kExitGroup,
  kTransfer,  ///< sendmmsg and others that send or receive in a way that is not followed.
};

/// Entry of one of them. Decoded only when asked for (Interest::kSessions); else it is a SyscallEnter like any other.
struct SocketCall {
  SocketOperation operation = SocketOperation::kClose;
  std::array<std::int32_t, 4> args{};  ///< The first four, which are numbers as far as anybody looks at them.
};

struct SyscallExit {
  std::int64_t ret = 0;  ///< Bytes, or a negative errno.
};

struct NetDevQueue {
  std::uint64_t skbaddr = 0;
  std::uint32_t len = 0;  ///< Bytes with the Ethernet header.
  NetDevice device = NetDevice::kOther;
  bool in_softirq = false;  ///< Not by the thread itself. Interest::kSessions only.
};

/// Ethernet, IPv4 and TCP headers with all options: what is longer carries data. A pure acknowledgement that the
/// receiving side sends from within the sender's call (the softirq runs there) is never longer.
inline constexpr std::uint32_t kLongestBareSegment = 14 + 20 + 60;

struct NetDevXmit {
  NetDevice device = NetDevice::kOther;
};

struct NetifRx {
  std::uint64_t skbaddr = 0;
  NetDevice device = NetDevice::kOther;
};

struct NetifReceiveSkb {
  std::uint64_t skbaddr = 0;
  NetDevice device = NetDevice::kOther;
};

struct TcpProbe {
  std::uint64_t skbaddr = 0;   ///< 0 on kernels before 6.9, whose tcp_probe does not say it.
  std::uint64_t skaddr = 0;    ///< The receiving socket.
  std::uint16_t data_len = 0;  ///< Modulo 64 KiB.
};

struct SkDataReady {
  std::uint64_t skaddr = 0;  ///< The receiving socket.
};

/// sock:sock_send_length and sock:sock_recv_length: the socket behind the current system call.
struct SockLength {
  std::uint64_t sk = 0;
  std::int32_t pid = 0;  ///< The process of the call.
  bool is_inet = false;  ///< protocol is set.
  bool is_peek = false;  ///< It took nothing out of the socket (MSG_PEEK).
  bool is_send = false;
  std::int32_t ret = 0;  ///< Bytes, or a negative errno. Interest::kSessions only.
  Protocol protocol = Protocol::kTcp;
};

/// sock:inet_sock_set_state. Interest::kSessions only.
struct InetSockSetState {
  std::uint64_t skaddr = 0;
  std::int32_t oldstate = 0;  ///< TCP_ESTABLISHED and so on: tcp_state:: in analysis/kernel_sockets.h.
  std::int32_t newstate = 0;
  std::uint16_t sport = 0;
  bool is_tcp = false;      ///< Not SCTP's, DCCP's or MPTCP's.
  bool in_softirq = false;  ///< A packet changed it, not the thread that was running.
};

/// skb:skb_copy_datagram_iovec: data goes from a packet to the program. Interest::kSessions only.
struct SkbCopy {};

/// skb:kfree_skb. Interest::kSessions only.
struct SkbDrop {
  std::uint64_t skbaddr = 0;
  /// The recording's own name for it, "NOT_SPECIFIED" before 5.17, which has none; good for the decoder's life.
  std::string_view reason;
};

struct UdpFailQueueRcvSkb {};
struct TcpRetransmitSkb {};

/// irq:softirq_entry of NET_RX.
struct NetRxSoftirq {};

/// irq:softirq_exit of NET_RX. Interest::kSessions only.
struct NetRxSoftirqEnd {};

/// PERF_RECORD_FORK: a thread began, in its parent's process or as a new one. Interest::kSessions only.
struct TaskFork {
  std::int32_t pid = 0;
  std::int32_t tid = 0;
  std::int32_t parent_pid = 0;
};

struct SchedWaking {
  std::int32_t pid = 0;
};

struct SchedMigrateTask {
  std::int32_t pid = 0;
};

struct SchedSwitch {
  std::int32_t prev_pid = 0;
  std::int32_t next_pid = 0;
  bool is_involuntary = false;  ///< prev was still runnable.
  std::string_view prev_comm;   ///< Points into the recording; a NUL may end it before its end.
};

/// PERF_RECORD_SWITCH or SWITCH_CPU_WIDE of a task that comes onto a CPU.
struct SwitchIn {
  std::int32_t tid = 0;
  std::int32_t prev_tid = -1;  ///< -1: the record does not say. Only that of a whole CPU does.
};

using EventBody =
    std::variant<SyscallEnter, SyscallExit, NetDevQueue, NetDevXmit, NetifRx, NetifReceiveSkb, TcpProbe, SkDataReady,
                 SockLength, UdpFailQueueRcvSkb, TcpRetransmitSkb, NetRxSoftirq, SchedWaking, SchedMigrateTask,
                 SchedSwitch, SwitchIn, SocketCall, InetSockSetState, NetRxSoftirqEnd, TaskFork, SkbCopy, SkbDrop>;
// Events are handed on in their thousands: no new one makes all of them larger than SchedSwitch does.
static_assert(sizeof(EventBody) == sizeof(SchedSwitch) + sizeof(void*));

struct Event {
  std::uint64_t time_ns = 0;
  std::int32_t tid = 0;   ///< The task that was running: for a packet's receive half whoever the softirq interrupted.
  std::uint32_t cpu = 0;  ///< Of samples and of SwitchIn; no CPU has the number perf_data::kNoCpu.
  EventBody body;
};

}  // namespace sockscope
