#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "base/wait.h"
#include "tests/workloads/connected_ends.h"
#include "workloads/workload.h"

namespace sockscope {

inline constexpr WaitLimits kPatient{.timeout = std::chrono::seconds{20}};

[[nodiscard]] inline bool exists(pid_t pid) { return ::kill(pid, 0) == 0; }

/// True once the process has ended, even if nobody has collected it: a grandchild's parent may be anyone.
[[nodiscard]] inline bool ends_soon(pid_t pid) {
  for (int i = 0; i < 500; ++i) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(stat, text) || text.substr(text.rfind(')')).starts_with(") Z")) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

/// How a test of a workload runs it: over which protocol and which IP version.
struct Path {
  Protocol protocol = Protocol::kTcp;
  IpVersion ip = IpVersion::kV4;
};

inline constexpr std::array kPaths{Path{Protocol::kTcp, IpVersion::kV4}, Path{Protocol::kUdp, IpVersion::kV4},
                                   Path{Protocol::kTcp, IpVersion::kV6}, Path{Protocol::kUdp, IpVersion::kV6}};

/// "Tcp4"
[[nodiscard]] inline std::string name_of_test(const Path& path) {
  return name_of_test(path.protocol) + (path.ip == IpVersion::kV4 ? "4" : "6");
}

/// Both ends of a workload in processes, as the harness runs them. Ignores SIGPIPE as the program does.
class EndsInProcesses : public testing::TestWithParam<Path> {
 public:
  EndsInProcesses() : handler_before_(std::signal(SIGPIPE, SIG_IGN)) {}
  EndsInProcesses(const EndsInProcesses&) = delete;
  EndsInProcesses(EndsInProcesses&&) = delete;
  EndsInProcesses& operator=(const EndsInProcesses&) = delete;
  EndsInProcesses& operator=(EndsInProcesses&&) = delete;
  ~EndsInProcesses() override { (void)std::signal(SIGPIPE, handler_before_); }

 protected:
  static WorkloadSpec spec_of(WorkloadKind kind, std::uint64_t count) {
    WorkloadSpec spec = ShortRun{.protocol = GetParam().protocol, .count = count}.spec();
    spec.kind = kind;
    spec.socket.ip = GetParam().ip;
    return spec;
  }

  static Workload warm(const WorkloadSpec& spec) {
    auto workload = Workload::start(spec, kPatient);
    if (!workload) throw std::runtime_error(workload.error().message);
    if (auto warm = workload->warm_up(kPatient); !warm) throw std::runtime_error(warm.error().message);
    return std::move(*workload);
  }

 private:
  void (*handler_before_)(int);
};

}  // namespace sockscope
