#pragma once

#include <string>
#include <vector>

#include "analysis/summary.h"

/// Which machine a baseline belongs to: the facts that counts and times depend on, whatever is measured.
namespace sockscope {

/// Kernel, machine, CPU, how many of them, virtual or not, mitigations, congestion control: of describe_environment().
Facts machine_facts(const Facts& environment);

/// Eight hexadecimal digits, for file names.
std::string fingerprint_of(const Facts& machine);

/// "kernel: the baseline's is 6.1.0, this machine's is 6.18.44", one for each fact that differs.
std::vector<std::string> machine_differences(const Facts& baseline, const Facts& here);

}  // namespace sockscope
