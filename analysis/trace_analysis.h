#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analysis/endpoint_table.h"
#include "analysis/event.h"
#include "analysis/exchange.h"
#include "analysis/lost_message.h"
#include "analysis/packet_table.h"
#include "analysis/protocol_totals.h"
#include "analysis/recent_events.h"
#include "analysis/thread_table.h"
#include "analysis/thread_timeline.h"
#include "analysis/trace_result.h"

namespace sockscope {

/// Follows every message of a recording from its send to its receive, and the threads at both ends.
///
/// Fed with events in time order, in one pass; memory depends on the sockets, threads and skb addresses in use, not on
/// the length of the recording. What is matched by what:
///
///   - system calls to endpoints: by thread and descriptor, or by the socket that SessionAnalysis knows behind it;
///   - packets to messages: by the send call they are queued in, and from there by skb address and time;
///   - packets to receiving sockets: by tcp_probe's addresses, or by the sk_data_ready that follows on the same thread;
///   - messages to receive calls: in order (UDP), or by the cumulative byte count of the stream (TCP).
///
/// Without known flows, endpoints are the sockets that sock_send_length and sock_recv_length name, and become a flow
/// when a packet of one is seen to arrive at the other. A flow's client is who sent first.
class TraceAnalysis {
 public:
  explicit TraceAnalysis(std::span<const KnownFlow> flows = {});

  /// Counts what the thread does within the window, whether or not it is seen to use a socket.
  void watch(std::int32_t tid, TimeWindow window) { thread(tid).timeline = std::make_unique<ThreadTimeline>(window); }

  void on(const Event& event);

  /// Tells of each exchange from now on, when the last of its events came; of requests that nobody has answered yet,
  /// when result() is asked for.
  void tell(ExchangeSink sink) { sink_ = std::move(sink); }

  /// Tells of each message that is seen to be dropped.
  void tell_losses(LossSink sink) { loss_sink_ = std::move(sink); }

  /// What a thread did that is watched, or has used a socket; nothing of any other.
  [[nodiscard]] ThreadSummary summary_of(std::int32_t tid) const;

  /// The numbers so far. `quality` is completed by the caller with what the reader knows (losses).
  [[nodiscard]] TraceResult result() const;

  /// For a recording without the events of messages: the threads of the known flows, as far as none of their protocols'
  /// is in the result.
  void add_threads_of_flows(TraceResult& result) const;

 private:
  /// The system call that a thread is in.
  struct Call {
    SyscallKind kind = SyscallKind::kOther;
    std::int32_t owner = 0;  // the thread, or kAnyThread with a SocketNumber in the place of fd
    int fd = -1;
    bool is_accepted = false;
    std::uint64_t enter_ns = 0;
    std::uint64_t length = 0;                           // kSend only: bytes to send, as far as its arguments say
    EndpointTable::Index endpoint = Endpoint::kNobody;  // until an event shows that fd is a socket
    std::uint64_t message = EndpointTable::kNoMessage;  // kSend only
    bool has_sent_packet = false;
  };
  struct Wake {
    std::uint64_t waking_ns = 0;
    std::uint64_t switch_ns = 0;
  };
  struct Thread {
    Call call;
    Wake wake;
    PathCounts counts;
    std::uint64_t arrived_skb = 0;             // the packet that the softirq in this thread delivers right now
    std::unique_ptr<ThreadTimeline> timeline;  // of threads with an endpoint
  };

  void handle(const Event& at, const SyscallEnter& event);
  void handle(const Event& at, const SocketCall& event);
  void handle(const Event& at, const SyscallExit& event);
  void handle(const Event& at, const NetDevQueue& event);
  void handle(const Event& at, const NetDevXmit& event);
  void handle(const Event& at, const NetifRx& event);
  void handle(const Event& at, const NetifReceiveSkb& event);
  void handle(const Event& at, const TcpProbe& event);
  void handle(const Event& at, const SkDataReady& event);
  void handle(const Event& at, const SockLength& event);
  void handle(const Event& at, const UdpFailQueueRcvSkb& event);
  void handle(const Event& at, const TcpRetransmitSkb& event);
  void handle(const Event& at, const NetRxSoftirq& event);
  void handle(const Event& at, const SchedWaking& event);
  void handle(const Event& at, const SchedMigrateTask& event);
  void handle(const Event& at, const SchedSwitch& event);
  void handle(const Event& at, const SwitchIn& event);
  // SessionAnalysis' alone.
  static void handle(const Event& /*at*/, const InetSockSetState& /*event*/) {}
  static void handle(const Event& /*at*/, const NetRxSoftirqEnd& /*event*/) {}
  static void handle(const Event& /*at*/, const TaskFork& /*event*/) {}
  static void handle(const Event& /*at*/, const SkbCopy& /*event*/) {}
  static void handle(const Event& /*at*/, const SkbDrop& /*event*/) {}

  void declare(const KnownEnd& end, EndpointTable::Index index, Protocol protocol);
  void begin_call(const Event& at, const SyscallEnter& event, Call& call);
  bool find_endpoint(std::int32_t tid, Call& call);
  void used_by(std::int32_t tid, const Call& call);
  void begin_message(Call& call);
  void end_message(const Call& call, std::int64_t sent);
  void received(EndpointTable::Index receiver, std::uint64_t bytes, std::uint64_t time_ns);
  void arrived(EndpointTable::Index sender, EndpointTable::Index receiver, std::uint64_t time_ns);
  void give_up(Endpoint& sender);
  void count_unmatched(const Endpoint& sender);
  void answered(Endpoint& client, const MessagePath& response);
  std::optional<MessagePath> take_request_of(Endpoint& client, const MessagePath& response);
  void forget_request(Endpoint& client);
  void unanswered(ProtocolTotals& total, const Endpoint& from, const MessagePath& path) const;
  void tell_of(const Endpoint& client, const MessagePath* request, const MessagePath* response) const;
  void add_unanswered(ProtocolTotals& total) const;
  void add_ends(ProtocolTotals& total, const Endpoint& end) const;
  void add_wake_up(MessagePath& path, std::int32_t receiver_tid);
  void switched_in(std::int32_t tid, std::uint64_t time_ns, ThreadTimeline::Source source);
  Message* message_of(const Packet& packet);
  void name_sender(Packet& packet, const TcpProbe& event);
  void tell_of_loss(const Message& message, const Endpoint& sender, std::uint64_t time_ns) const;

  Thread& thread(std::int32_t tid) { return threads_[tid]; }
  /// Parts of round trips are for ProbeEffect, which only a run has.
  [[nodiscard]] bool counts_parts() const { return !flows_.empty(); }
  ProtocolTotals& totals(const Endpoint& endpoint);
  void forget_idle_threads();
  void add_threads(const ProtocolTotals& total, TracedSummary& summary) const;

  ThreadTable<Thread> threads_;
  RecentEvents recent_;
  PacketTable packets_;
  EndpointTable endpoints_;
  ProtocolTotals tcp_{Protocol::kTcp};
  ProtocolTotals udp_{Protocol::kUdp};
  std::vector<KnownFlow> flows_;
  ExchangeSink sink_;
  LossSink loss_sink_;
  TraceResult result_;
};

}  // namespace sockscope
