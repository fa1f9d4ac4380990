#pragma once

#include <array>
#include <cstdint>

#include "tests/analysis/event_log.h"

namespace sockscope {

// The two ends of the sample flows.
inline constexpr std::int32_t kClientTid = 100;
inline constexpr std::int32_t kServerTid = 200;
inline constexpr int kClientFd = 4;
inline constexpr int kServerFd = 5;
inline constexpr std::uint64_t kClientSk = 0xc0;
inline constexpr std::uint64_t kServerSk = 0x50;

inline constexpr std::uint64_t kRequestSkb = 0xa000;
inline constexpr std::uint64_t kResponseSkb = 0xb000;

/// One round trip of 64 bytes with both ends on one CPU, in the order in which Linux 6.18 does things
/// (net_dev_xmit after netif_rx, the receive half within the sender's call). Both receivers sleep in their receive;
/// the server's began before. It takes 3000 ns:
///
///                     at +            stages
///     request    send      0      ..  300 send, 100 device, 200 backlog, 200 receive, 400 wake-up, 200 deliver
///                delivered 1400
///     server                          200 turn-around
///     response   send      1600   ..  300 send, 150 device, 200 backlog, 150 receive, 400 wake-up, 200 deliver
///                delivered 3000
///
/// It is 4 system calls, 2 skbs, 2 softirqs, 2 switches away from an end and 2 wake-ups; the server's next receive is
/// one of the calls.
struct PingPong {
  std::uint64_t start_ns = 1000;
  Protocol protocol = Protocol::kTcp;
  std::uint64_t client_sk = kClientSk;
  std::uint64_t server_sk = kServerSk;
};
void add_round_trip(EventLog& log, const PingPong& at = {});

/// The server's first receive at 900, then `count` round trips from 1000 on, one every 10,000 ns.
EventLog ping_pong(Protocol protocol, int count = 1);

/// The stages of add_round_trip(), as lines_of() gives them.
const std::vector<std::string>& stages_of_a_ping_pong();

/// The flow of the sample ends, known beforehand.
std::array<KnownFlow, 1> known_flow(Protocol protocol, TimeWindow client = {}, TimeWindow server = {});

}  // namespace sockscope
