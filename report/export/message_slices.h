#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "analysis/exchange.h"
#include "report/export/perfetto_packets.h"
#include "report/export/perfetto_threads.h"

namespace sockscope {

/// Writes messages as slices below the threads at both ends: at the sender from the entry of its send call to
/// netif_receive_skb, at the receiver from there to the exit of its receive call; in each the stages as slices of their
/// own; and an arrow from one to the other.
///
/// Messages of several flows overlap, and slices of one track must not: then they lie on as many tracks of a thread as
/// are needed, which Perfetto shows as one.
class MessageSlices {
 public:
  MessageSlices(PerfettoPackets& packets, const PerfettoThreads& threads) : packets_(packets), threads_(threads) {}

  /// What follows is of another recording.
  void begin();

  void write(const Exchange& exchange);

  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  struct Lane {
    std::uint64_t track = 0;
    std::uint64_t end_ns = 0;  // of the last slice on it
  };

  void write_message(const MessagePath& path, bool is_request, std::int32_t from_tid, std::int32_t to_tid);
  [[nodiscard]] std::uint64_t lane_for(std::int32_t tid, std::uint64_t begin_ns, std::uint64_t end_ns);

  PerfettoPackets& packets_;
  const PerfettoThreads& threads_;
  std::unordered_map<std::int32_t, std::vector<Lane>> lanes_;  // by thread
  std::uint64_t exchange_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace sockscope
