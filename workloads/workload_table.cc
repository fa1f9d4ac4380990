#include "workloads/workload_table.h"

#include <algorithm>
#include <array>

#include "workloads/echo.h"
#include "workloads/echo_flows.h"

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
                .has_stages = true},
};

}  // namespace

std::span<const WorkloadRow> workload_table() { return kTable; }

const WorkloadRow& row_of(WorkloadKind kind) {
  const auto row = std::ranges::find(kTable, kind, &WorkloadRow::kind);
  return row == kTable.end() ? kTable.front() : *row;
}

const WorkloadRow* find_workload(std::string_view name) {
  const auto row = std::ranges::find(kTable, name, &WorkloadRow::name);
  return row == kTable.end() ? nullptr : row;
}

}  // namespace sockscope
