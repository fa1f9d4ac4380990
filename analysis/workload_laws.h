#pragma once

#include <vector>

#include "analysis/summary.h"

namespace sockscope {

/// The laws of what the workloads themselves count. So far one: "datagrams sent = received + dropped by the socket", of
/// one-way workloads over UDP on loopback, where nothing but a full receive buffer loses a datagram. The datagrams are
/// the messages and the markers that end the run.
[[nodiscard]] std::vector<Law> check_workload_laws(const std::vector<VariantSummary>& sides);

}  // namespace sockscope
