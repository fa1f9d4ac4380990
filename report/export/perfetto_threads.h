#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "report/export/perfetto_packets.h"

namespace sockscope {

/// The threads and processes of a recording as tracks of a Perfetto trace. Memory: by their number.
class PerfettoThreads {
 public:
  explicit PerfettoThreads(PerfettoPackets& packets) : packets_(packets) {}

  /// What follows is of another recording, which processes are told apart by: "tcp, round 1".
  void begin(std::string recording);

  /// Notes that a thread is there, and whose it is. Names are asked for when it is new.
  template <class NameOf>
  void see(std::int32_t pid, std::int32_t tid, NameOf name_of) {
    if (tid == last_tid_ || tid <= 0 || pid <= 0) return;
    last_tid_ = tid;
    if (!tracks_.contains(tid)) add(pid, tid, name_of());
  }

  /// Its track; 0 if nothing is known of it.
  [[nodiscard]] std::uint64_t track_of(std::int32_t tid) const;

 private:
  void add(std::int32_t pid, std::int32_t tid, std::string_view name);

  PerfettoPackets& packets_;
  std::string recording_;
  std::int32_t last_tid_ = 0;
  std::unordered_map<std::int32_t, std::uint64_t> tracks_;
  std::unordered_set<std::int32_t> processes_;
};

}  // namespace sockscope
