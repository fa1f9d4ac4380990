#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/protocol.h"
#include "base/topology.h"
#include "workloads/socket_options.h"

namespace sockscope {

/// What the two ends do; workloads/workload_table.h has a row for each.
enum class WorkloadKind { kEcho, kMessage, kRate, kStream, kConnect, kScan, kRelay, kTelnet, kCalibration };

/// How an echo end waits for a message.
enum class PollMode {
  kBlock,  ///< In recv(2) itself.
  kPoll,   ///< In poll(2), for all flows of the thread.
  kEpoll,  ///< In epoll_wait(2).
  kBusy,   ///< Not at all: recv(2) with MSG_DONTWAIT again and again.
};

/// What one run of a workload does. Both ends get the same spec.
struct WorkloadSpec {
  static constexpr std::uint32_t kMaxSize = 65'536;     ///< Bytes over TCP.
  static constexpr std::uint32_t kMaxUdpSize = 65'507;  ///< The largest UDP payload over IPv4 (RFC 768, RFC 791).

  Protocol protocol = Protocol::kTcp;
  std::uint32_t size = 64;                           ///< Bytes of a message, request and response alike: 1 to kMaxSize.
  std::uint64_t count = 10'000;                      ///< Round trips; the upper bound if duration is set.
  std::optional<std::chrono::nanoseconds> duration;  ///< Stop sending after this long.
  std::uint64_t warm_up = 1'000;                     ///< Round trips before the measured ones, not counted.
  int client_cpu = 0;
  int server_cpu = 0;
  std::uint16_t port = 0;  ///< Of the server; 0: one that is free.
  /// A round trip without an answer for one to two times this long is counted as lost and given up.
  std::chrono::milliseconds receive_timeout{1'000};

  WorkloadKind kind = WorkloadKind::kEcho;
  SocketOptions socket{};
  bool fifo = false;       ///< SCHED_FIFO for both ends.
  std::uint64_t seed = 1;  ///< Of what is drawn at random: the order in which ports are tried, what a message holds.
  std::chrono::nanoseconds inject_delay{};  ///< Echo: busy for so long before each answer; 0: not at all.
  std::string raw_file{};                   ///< Raw samples are added to this file; empty: none are kept.
  std::uint32_t flows = 1;                  ///< Echo: sockets at each end.
  std::uint32_t threads = 1;                ///< Echo: threads at each end, which share the flows.
  PollMode poll = PollMode::kBlock;
  bool write_write_read = false;  ///< Echo: a request in two writes of half the message each.
  double rate = 1'000;            ///< Message, rate: messages a second.
  std::string file{};             ///< Stream: what is sent; empty: `count` messages of anything.
  std::uint32_t ports = 100;      ///< Scan: ports, every other one of which is open.

  std::optional<Topology> topology{};  ///< What is to lie between the ends; absent: this machine's lo.
  int client_namespace = -1;           ///< The network namespace that the client is in, as an open file; -1: ours.
  int server_namespace = -1;           ///< And the server.
};

}  // namespace sockscope
