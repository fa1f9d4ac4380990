#include "harness/lab_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <string_view>
#include <vector>

#include "harness/lab_leftovers.h"
#include "harness/network_lab.h"

namespace sockscope {
namespace {

std::string names_of(const std::vector<LabProcess>& processes) {
  std::vector<std::string> names;
  names.reserve(processes.size());
  for (const LabProcess& one : processes) names.push_back(fmt::format("{} ({})", one.pid, one.comm));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Check topologies_check() {
  std::vector<std::string_view> available;
  std::vector<std::string> lacking;
  for (const Topology topology : kTopologies) {
    const auto lab = NetworkLab::make(topology, IpVersion::kV4, {});
    if (lab) {
      available.push_back(name_of(topology));
    } else {
      lacking.push_back(lab.error().message);
    }
  }
  Check check{.name = "topologies", .is_fine = lacking.empty(), .is_needed = false, .found = {}, .fix = {}};
  if (available.empty()) {
    check.found = lacking.front();
    if (geteuid() != 0) check.fix = "run as root: sudo sockscope ...";
    return check;
  }
  check.found = fmt::format("{}", fmt::join(available, ", "));
  if (!lacking.empty()) check.found += fmt::format("; not {}", fmt::join(lacking, "; not "));
  return check;
}

Check leftovers_check(const std::filesystem::path& proc) {
  const auto left = left_over(lab_processes(proc));
  Check check{.name = "leftovers", .is_fine = left.empty(), .is_needed = false, .found = "none", .fix = {}};
  if (left.empty()) return check;
  check.found = fmt::format("in network namespaces of a run that is over: {}", names_of(left));
  check.fix = "the next run with --topology ends them, and the namespaces with them";
  return check;
}

}  // namespace sockscope
