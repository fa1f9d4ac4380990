#pragma once

#include <cstdint>
#include <vector>

#include "analysis/event.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::fuzz {

struct EventBytes {
  std::uint8_t kind = 0;
  std::uint8_t tid = 0;
  std::uint8_t number = 0;
  std::uint8_t bits = 0;
};

inline EventBody body_of(const EventBytes& bytes, std::uint64_t length) {
  const bool bit = (bytes.bits & 1U) != 0;
  const auto kind = static_cast<SyscallKind>(bytes.bits % 3);
  switch (bytes.kind % 16) {
    case 0:
      return SyscallEnter{.kind = kind, .fd = bytes.number, .length = length};
    case 1:
      return SyscallExit{.ret = static_cast<std::int64_t>(length)};
    case 2:
      return NetDevQueue{.skbaddr = bytes.number, .len = bytes.bits, .device = NetDevice::kLoopback};
    case 3:
      return NetDevXmit{.device = bit ? NetDevice::kLoopback : NetDevice::kOther};
    case 4:
      return NetifRx{.skbaddr = bytes.number, .device = NetDevice::kLoopback};
    case 5:
      return NetifReceiveSkb{.skbaddr = bytes.number, .device = NetDevice::kLoopback};
    case 6:
      return TcpProbe{.skbaddr = bytes.number, .skaddr = bytes.bits, .data_len = bytes.bits};
    case 7:
      return SkDataReady{.skaddr = bytes.number};
    case 8:
      return SockLength{
          .sk = bytes.number, .pid = bytes.tid / 2, .is_inet = true, .protocol = bit ? Protocol::kUdp : Protocol::kTcp};
    case 9:
      return UdpFailQueueRcvSkb{};
    case 10:
      return TcpRetransmitSkb{};
    case 11:
      return NetRxSoftirq{};
    case 12:
      return SchedWaking{.pid = bytes.number};
    case 13:
      return SchedMigrateTask{.pid = bytes.number};
    case 14:
      return SchedSwitch{.prev_pid = bytes.tid, .next_pid = bytes.number, .is_involuntary = bit, .prev_comm = "prev"};
    default:
      return SwitchIn{.tid = bytes.number};
  }
}

/// Events in any order, with any content, at any time, to the end of the input:
///
///   {u8 kind, u8 tid, u8 number (a descriptor, an address, another tid), u8 bits, u64 time}, and a u64 for the kinds
///   that carry a length.
inline std::vector<Event> read_events(perf_data::ByteCursor& cursor) {
  std::vector<Event> events;
  EventBytes bytes;
  std::uint64_t time_ns = 0;
  while (cursor.read(bytes.kind) && cursor.read(bytes.tid) && cursor.read(bytes.number) && cursor.read(bytes.bits) &&
         cursor.read(time_ns)) {
    std::uint64_t length = 0;
    const bool has_length = bytes.kind % 16 < 2;
    if (has_length && !cursor.read(length)) break;
    events.push_back({.time_ns = time_ns, .tid = bytes.tid, .body = body_of(bytes, length)});
  }
  return events;
}

}  // namespace sockscope::fuzz
