#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/child_process.h"
#include "base/cpu_list.h"
#include "harness/round.h"
#include "tests/integration/sockscope_program.h"

/// Real runs beside real neighbours.
namespace sockscope {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

class Conditions : public ::testing::Test {
 protected:
  Conditions() : handler_before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~Conditions() override { (void)std::signal(SIGPIPE, handler_before_); }

  RunConditions run(Watch watch) const {
    const PlannedVariant planned{.variant = variant_of(Protocol::kUdp),
                                 .workload = {.protocol = Protocol::kUdp,
                                              .duration = std::chrono::milliseconds{100},
                                              .client_cpu = cpu_,
                                              .server_cpu = cpu_}};
    const RoundSetting setting{.directory = scratch_ / ".",
                               .events = {.events = {{"net:netif_rx", Scope::kContext}}, .missing = {}}};
    const auto run = run_step(planned, {.watch = watch}, setting);
    if (!run) throw std::runtime_error(run.error().message);
    return run->conditions;
  }

  static bool is_foreign_cpu(const RunConditions& run) {
    return std::ranges::any_of(contamination(run),
                               [](const Contamination& found) { return found.by == Contaminant::kForeignCpu; });
  }

  const int cpu_ = allowed_cpus().front();
  const testing::Scratch scratch_;

 private:
  void (*handler_before_)(int);
};

/// A loop that wants all of the CPU until it is ended with this object.
ChildProcess busy_neighbour(int cpu) {
  auto process = ChildProcess::run({.name = "busy-neighbour", .cpus = {cpu}}, [] {
    for (volatile std::uint64_t turns = 0;;) turns = turns + 1;
    return 0;
  });
  if (!process) throw std::runtime_error(process.error().message);
  return std::move(*process);
}

TEST_F(Conditions, BesideABusyLoopAreToldFromItInEveryRun) {
  const ChildProcess neighbour = busy_neighbour(cpu_);
  std::vector<std::string> busiest;
  for (int i = 0; i < 10; ++i) {
    const RunConditions conditions = run(Watch::kNobody);
    busiest.push_back(conditions.busiest);
    EXPECT_TRUE(is_foreign_cpu(conditions)) << conditions.foreign_ns << " of " << conditions.wall_ns << " ns";
  }
  EXPECT_THAT(busiest, Contains("busy-neighbour")) << "others may be as busy now and then";
}

// Others may be busy here, but not all the time: then there is nothing that would be taken for a neighbour's.
TEST_F(Conditions, OfAQuietCpuAreClean) {
  constexpr int most_tries = 200;
  int tries = 1;
  while (tries < most_tries && is_foreign_cpu(run(Watch::kNobody))) ++tries;
  EXPECT_LT(tries, most_tries);
}

/// perf counting the whole machine, not a child of ours.
class ForeignPerf {
 public:
  explicit ForeignPerf(const std::filesystem::path& pid_file) {
    const std::string script =
        fmt::format("echo $$ > {}; exec perf stat -a sleep 60 >/dev/null 2>&1", pid_file.string());
    const auto started = output_of({"setsid", "--fork", "sh", "-c", script}, {.timeout = std::chrono::seconds{10}});
    if (!started) throw std::runtime_error(started.error().message);
    for (int i = 0; i < 500 && name() != "perf"; ++i) {
      std::ifstream(pid_file) >> pid_;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    if (name() != "perf") throw std::runtime_error("perf did not start");
  }
  ForeignPerf(const ForeignPerf&) = delete;
  ForeignPerf(ForeignPerf&&) = delete;
  ForeignPerf& operator=(const ForeignPerf&) = delete;
  ForeignPerf& operator=(ForeignPerf&&) = delete;
  ~ForeignPerf() {
    if (pid_ > 0) kill(pid_, SIGTERM);
  }

  [[nodiscard]] std::string seen_as() const { return fmt::format("perf (pid {})", pid_); }

 private:
  [[nodiscard]] std::string name() const {
    std::string name;
    std::ifstream(fmt::format("/proc/{}/comm", pid_)) >> name;
    return name;
  }
  pid_t pid_ = 0;
};

TEST_F(Conditions, BesideAnotherTracerNameIt) {
  SKIP_WITHOUT_TRACING();
  const ForeignPerf perf(scratch_ / "pid");
  EXPECT_THAT(run(Watch::kNobody).tracers, Contains(perf.seen_as()));
}

// Whoever else traces on this machine may begin in between: then it is tried again.
TEST_F(Conditions, OfATracedRunDoNotBlameOurOwnPerf) {
  SKIP_WITHOUT_TRACING();
  for (int i = 0; i < 20; ++i) {
    const auto before = run(Watch::kNobody).tracers;
    const auto traced = run(Watch::kPerf).tracers;
    const auto after = run(Watch::kNobody).tracers;
    if (!before.empty() || !after.empty()) continue;
    EXPECT_THAT(traced, IsEmpty());
    return;
  }
  GTEST_SKIP() << "somebody else traces here all the time";
}

}  // namespace
}  // namespace sockscope
