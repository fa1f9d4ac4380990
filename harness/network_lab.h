#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/network_namespace.h"
#include "base/topology.h"
#include "base/wait.h"
#include "harness/lab_plan.h"
#include "harness/run_plan.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// A topology in network namespaces of its own, which nothing can be sent out of. Nothing of it has a name outside of
/// them, and nothing but this holds them: it is gone with this, and with the process if that is killed.
class NetworkLab {
 public:
  /// Makes the namespaces and devices, with ip(8) and nft(8), and sends a datagram from end to end. kEnvironment,
  /// naming what is missing: root, a program, a type of device that this kernel has not got.
  static Result<NetworkLab> make(Topology topology, IpVersion version, const WaitLimits& limits);

  /// The ends of the workload will be in it.
  void apply_to(WorkloadSpec& spec) const;

 private:
  NetworkLab(NetworkNamespace client, LabPlan plan) : client_(std::move(client)), plan_(std::move(plan)) {}

  [[nodiscard]] int fd_of(LabPlace place) const;
  Result<> silence() const;
  Result<> set_up(const WaitLimits& limits) const;
  Result<> run_ip(LabPlace place, const std::string& commands, const WaitLimits& limits) const;
  Result<> run_nft(const WaitLimits& limits) const;
  Result<> wait_until_reachable(IpVersion version, const WaitLimits& limits) const;

  NetworkNamespace client_;
  std::vector<NetworkNamespace> others_;  // the server's, if it has one, and then the middle, if there is one
  LabPlan plan_;
};

/// The labs that some workloads need, each made once, however many of them need it.
class NetworkLabs {
 public:
  /// Puts the ends of the workload into the lab that it asks for; nothing, if it asks for none.
  Result<> apply_to(WorkloadSpec& spec, const WaitLimits& limits);

 private:
  std::map<std::pair<Topology, IpVersion>, NetworkLab> labs_;
};

/// The plan with the ends of each workload where its topology has them, for as long as the labs are there. Whoever runs
/// the steps of a plan runs those of this one.
Result<RunPlan> connected_plan(const RunPlan& plan, NetworkLabs& labs, int interrupt_fd);

}  // namespace sockscope
