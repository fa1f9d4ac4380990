#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/packet_counts.h"
#include "analysis/recorded_events.h"
#include "analysis/summary.h"
#include "analysis/thread_timeline.h"

namespace sockscope {

/// One end of a flow that the run knows beforehand.
struct KnownEnd {
  std::int32_t tid = 0;
  int fd = -1;
  TimeWindow window;  ///< Between its two getrusage calls.
};

/// A flow that the run knows beforehand; without one, flows are found by their sockets.
struct KnownFlow {
  Protocol protocol = Protocol::kTcp;
  KnownEnd client;
  KnownEnd server;
};

/// What the trace tells of one protocol.
struct ProtocolTrace {
  Protocol protocol = Protocol::kTcp;
  TracedSummary summary;
  std::uint64_t unsound = 0;  ///< Round trips with a negative stage, or whose stages do not add up to the whole.
};

/// What a recording comes down to.
struct TraceResult {
  std::vector<ProtocolTrace>
      protocols;  ///< TCP first; only those of which a message was followed, or the session has something.
  PacketCounts packets;
  std::uint64_t udp_drops = 0;        ///< udp:udp_fail_queue_rcv_skb, of messages that are followed
  std::uint64_t tcp_retransmits = 0;  ///< tcp:tcp_retransmit_skb
  std::optional<std::uint64_t> skbs_of_nobody = std::nullopt;  ///< Of programs: queued by them, of no known socket.
  std::uint64_t samples = 0;  ///< Events in the recording, of any kind. The caller's to say.
  DataQuality quality;
  RecordedEvents recorded;  ///< The caller's to say, as what was lost is.
};

}  // namespace sockscope
