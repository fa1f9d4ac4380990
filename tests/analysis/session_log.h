#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analysis/session_analysis.h"
#include "tests/analysis/event_log.h"

namespace sockscope {

inline constexpr std::int32_t kServer = 200;
inline constexpr std::int32_t kClient = 100;
inline constexpr std::int32_t kStranger = 900;
inline constexpr std::uint64_t kListenerSk = 0x10;
inline constexpr std::uint64_t kServerSk = 0x50;
inline constexpr std::uint64_t kClientSk = 0xc0;
inline constexpr std::uint16_t kPort = 5000;

// include/net/tcp_states.h
inline constexpr std::int32_t kFinWait1 = 4;
inline constexpr std::int32_t kFinWait2 = 5;
inline constexpr std::int32_t kCloseWait = 8;
inline constexpr std::int32_t kLastAck = 9;

inline constexpr std::array<std::int32_t, 4> kTcpSocket{2, 1, 0, 0};
inline constexpr std::array<std::int32_t, 4> kUdpSocket{10, 2, 17, 0};

/// A recording written by hand as EventLog, with what SessionAnalysis takes besides. Time goes on by 10 ns an event.
class SessionLog {
 public:
  SessionLog& in(std::int32_t tid) {
    log_.in(tid);
    return *this;
  }
  SessionLog& add(const EventBody& body) {
    log_.add(time_ns_ += 10, body);
    return *this;
  }
  SessionLog& call(SocketOperation operation, std::array<std::int32_t, 4> args, std::int64_t ret) {
    return add(SocketCall{.operation = operation, .args = args}).add(SyscallExit{.ret = ret});
  }
  SessionLog& enter(SocketOperation operation, std::array<std::int32_t, 4> args) {
    return add(SocketCall{.operation = operation, .args = args});
  }
  SessionLog& exit(std::int64_t ret) { return add(SyscallExit{.ret = ret}); }
  SessionLog& state(std::uint64_t sk, std::int32_t from, std::int32_t to, bool in_softirq, std::uint16_t sport = 0) {
    return add(InetSockSetState{
        .skaddr = sk, .oldstate = from, .newstate = to, .sport = sport, .is_tcp = true, .in_softirq = in_softirq});
  }
  /// Queued by the thread or, answering what is delivered, in softirq context.
  SessionLog& queue(std::uint64_t skb, bool in_softirq = false, std::uint32_t len = 66) {
    return add(NetDevQueue{.skbaddr = skb, .len = len, .device = NetDevice::kLoopback, .in_softirq = in_softirq})
        .add(NetifRx{.skbaddr = skb, .device = NetDevice::kLoopback});
  }
  SessionLog& softirq() { return add(NetRxSoftirq{}); }
  SessionLog& softirq_end() { return add(NetRxSoftirqEnd{}); }
  SessionLog& receive(std::uint64_t skb) {
    return add(NetifReceiveSkb{.skbaddr = skb, .device = NetDevice::kLoopback});
  }
  SessionLog& sock(std::uint64_t sk, Protocol protocol, std::int32_t ret, bool is_send) {
    return add(SockLength{.sk = sk, .pid = 1, .is_inet = true, .is_send = is_send, .ret = ret, .protocol = protocol});
  }

  [[nodiscard]] TraceResult analyse(const std::vector<KnownProcess>& processes = {{.pid = kServer}, {.pid = kClient}},
                                    SessionAnalysis::Messages messages = SessionAnalysis::Messages::kFollowed) const {
    SessionAnalysis analysis(processes, messages);
    for (Event event : log_) analysis.on(event);
    return analysis.result();
  }

 private:
  EventLog log_;
  std::uint64_t time_ns_ = 1000;
};

inline SessionTotals totals_of(const TraceResult& result, Protocol protocol) {
  return trace_of(result, protocol).summary.session.value_or(SessionTotals{});
}

inline void listen(SessionLog& log) {
  log.in(kServer)
      .call(SocketOperation::kSocket, kTcpSocket, 3)
      .call(SocketOperation::kBind, {3}, 0)
      .enter(SocketOperation::kListen, {3})
      .state(kListenerSk, tcp_state::kClose, tcp_state::kListen, false, kPort)
      .exit(0);
}

/// The handshake: SYN, SYN-ACK and ACK, all in the client's connect.
inline void connect(SessionLog& log) {
  log.in(kClient)
      .call(SocketOperation::kSocket, kTcpSocket, 4)
      .enter(SocketOperation::kConnect, {4})
      .state(kClientSk, tcp_state::kClose, tcp_state::kSynSent, false)
      .queue(0xa0)
      .softirq()
      .receive(0xa0)
      .queue(0xb0, true)
      .receive(0xb0)
      .softirq_end()
      .state(kClientSk, tcp_state::kSynSent, tcp_state::kEstablished, false)
      .queue(0xa0)
      .softirq()
      .receive(0xa0)
      .state(kServerSk, tcp_state::kListen, tcp_state::kSynRecv, true, kPort)
      .state(kServerSk, tcp_state::kSynRecv, tcp_state::kEstablished, true, kPort)
      .softirq_end()
      .exit(0);
  log.in(kServer).call(SocketOperation::kAccept4, {3, 0, 0, 02000000}, 5);
}

/// Six bytes from the client, and the ACK at once; then the server reads them.
inline void send_line(SessionLog& log, int client_fd = 4, int server_fd = 5) {
  log.in(kClient)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = client_fd, .length = 6})
      .queue(0xd0, false, 72)
      .softirq()
      .receive(0xd0)
      .add(TcpProbe{.skbaddr = 0xd0, .skaddr = kServerSk, .data_len = 6})
      .add(SkDataReady{.skaddr = kServerSk})
      .queue(0xe0, true)
      .receive(0xe0)
      .softirq_end()
      .sock(kClientSk, Protocol::kTcp, 6, true)
      .exit(6);
  log.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = server_fd, .length = 100})
      .sock(kServerSk, Protocol::kTcp, 6, false)
      .exit(6);
}

/// FIN from the client, FIN and ACK in the server's close.
inline void hang_up(SessionLog& log) {
  log.in(kClient)
      .enter(SocketOperation::kShutdown, {4, 1})
      .state(kClientSk, tcp_state::kEstablished, kFinWait1, false)
      .queue(0xa0)
      .softirq()
      .receive(0xa0)
      .state(kServerSk, tcp_state::kEstablished, kCloseWait, true, kPort)
      .softirq_end()
      .exit(0);
  log.in(kServer)
      .enter(SocketOperation::kClose, {5})
      .state(kServerSk, kCloseWait, kLastAck, false, kPort)
      .queue(0xb0)
      .softirq()
      .receive(0xb0)
      .state(kClientSk, kFinWait1, kFinWait2, true)
      .queue(0xc0, true)
      .state(kClientSk, kFinWait2, tcp_state::kClose, true)
      .receive(0xc0)
      .state(kServerSk, kLastAck, tcp_state::kClose, true, kPort)
      .softirq_end()
      .exit(0)
      .enter(SocketOperation::kClose, {3})
      .state(kListenerSk, tcp_state::kListen, tcp_state::kClose, false, kPort)
      .exit(0);
}

inline SessionLog lab_session() {
  SessionLog log;
  listen(log);
  connect(log);
  send_line(log);
  hang_up(log);
  return log;
}

}  // namespace sockscope
