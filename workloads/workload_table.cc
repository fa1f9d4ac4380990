#include "workloads/workload_table.h"

#include <algorithm>
#include <array>

#include "workloads/calibration.h"
#include "workloads/connect.h"
#include "workloads/echo.h"
#include "workloads/echo_flows.h"
#include "workloads/message.h"
#include "workloads/rate.h"
#include "workloads/relay.h"
#include "workloads/scan.h"
#include "workloads/single_flow.h"
#include "workloads/stream.h"
#include "workloads/telnet.h"

namespace sockscope {
namespace {

constexpr std::array kTable{
    WorkloadRow{.kind = WorkloadKind::kEcho,
                .name = "echo",
                .unit = "round trips",
                .what = "a ping-pong of one message at a time",
                .client = run_echo_client,
                .server = run_echo_server,
                .open = open_echo_sockets,
                .takes = {.flows = true},
                .default_count = 5'000,
                .quick_count = 2'000,
                .default_rounds = 40,
                .quick_rounds = 8,
                .followed = Followed::kFlow},
    WorkloadRow{.kind = WorkloadKind::kMessage,
                .name = "message",
                .unit = "messages",
                .what = "paced messages one way",
                .client = run_message_client,
                .server = run_message_server,
                .open = open_one_socket,
                .takes = {.rate = true},
                .least_size = sizeof(MessageHeader),
                .default_count = 1'000,
                .quick_count = 500},
    WorkloadRow{.kind = WorkloadKind::kRate,
                .name = "rate",
                .unit = "round trips",
                .what = "an open loop of requests at a fixed rate",
                .client = run_rate_client,
                .server = run_echo_server,
                .open = open_one_socket,
                .takes = {.rate = true},
                .least_size = 32,
                .default_rate = 5'000},
    WorkloadRow{.kind = WorkloadKind::kStream,
                .name = "stream",
                .unit = "messages",
                .what = "a bulk transfer",
                .client = run_stream_client,
                .server = run_stream_server,
                .open = open_one_socket,
                .takes = {.file = true},
                .least_size = sizeof(MessageHeader) + 1,
                .default_count = 100'000,
                .quick_count = 20'000,
                .followed = Followed::kPackets},
    WorkloadRow{.kind = WorkloadKind::kConnect,
                .name = "connect",
                .unit = "connections",
                .what = "a new connection for every request",
                .client = run_connect_client,
                .server = run_connect_server,
                .open = open_one_socket,
                .default_count = 1'000,
                .quick_count = 500},
    WorkloadRow{.kind = WorkloadKind::kScan,
                .name = "scan",
                .unit = "scan",
                .what = "a port scan",
                .client = run_scan_client,
                .server = run_scan_server,
                .open = open_scan_sockets,
                .takes = {.size = false, .count = false, .ports = true},
                .default_count = 1,
                .quick_count = 1,
                .followed = Followed::kPackets},
    WorkloadRow{.kind = WorkloadKind::kRelay,
                .name = "relay",
                .unit = "pairs of round trips",
                .what = "a ping-pong through a proxy beside a direct one",
                .client = run_relay_client,
                .server = run_relay_server,
                .open = open_relay_sockets,
                .least_size = sizeof(RelayHeader),
                .followed = Followed::kPackets},
    WorkloadRow{.kind = WorkloadKind::kTelnet,
                .name = "telnet",
                .unit = "lines",
                .what = "lines typed key by key",
                .client = run_telnet_client,
                .server = run_telnet_server,
                .open = open_one_socket,
                .default_count = 100,
                .quick_count = 50},
};

/// None of the table's: it has no socket, so that nobody can compare TCP and UDP with it.
constexpr WorkloadRow kCalibration{.kind = WorkloadKind::kCalibration,
                                   .name = "calibration",
                                   .unit = "round trips",
                                   .what = "a token that two processes hand back and forth without sockets",
                                   .client = run_calibration_client,
                                   .server = run_calibration_server,
                                   .open = open_token_path,
                                   .takes = {.size = false}};

}  // namespace

std::span<const WorkloadRow> workload_table() { return kTable; }

Followed followed(const WorkloadSpec& spec) {
  const Followed row = row_of(spec.kind).followed;
  const bool is_one_flow = spec.flows == 1 && !spec.write_write_read;
  return row == Followed::kFlow && !is_one_flow ? Followed::kMessages : row;
}

std::uint64_t round_trips_of_a_unit(const WorkloadSpec& spec) {
  constexpr std::uint64_t of_a_connection = 4;  // handshake, request, and a close from either side
  constexpr std::uint64_t of_a_pair = 3;        // one direct, two through the proxy
  switch (spec.kind) {
    case WorkloadKind::kConnect:
      return of_a_connection;
    case WorkloadKind::kScan:
      return of_a_connection * spec.ports;
    case WorkloadKind::kRelay:
      return of_a_pair;
    case WorkloadKind::kTelnet:
      return spec.size + 1;
    default:
      return 1;
  }
}

const WorkloadRow& row_of(WorkloadKind kind) {
  if (kind == WorkloadKind::kCalibration) return kCalibration;
  const auto row = std::ranges::find(kTable, kind, &WorkloadRow::kind);
  return row == kTable.end() ? kTable.front() : *row;
}

const WorkloadRow* find_workload(std::string_view name) {
  const auto row = std::ranges::find(kTable, name, &WorkloadRow::name);
  return row == kTable.end() ? nullptr : row;
}

}  // namespace sockscope
