#include "workloads/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>
#include <optional>

#include "tests/workloads/connected_ends.h"
#include "tests/workloads/workload_fixture.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

WorkloadSpec spec_of(Protocol protocol, std::uint32_t ports = 20) {
  WorkloadSpec spec = ShortRun{.protocol = protocol}.spec();
  spec.kind = WorkloadKind::kScan;
  spec.ports = ports;
  return spec;
}

class Scan : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, Scan, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(Scan, TellsOpenPortsFromClosedOnes) {
  const WorkloadSpec spec = spec_of(GetParam());
  auto sockets = open_scan_sockets(spec);
  ASSERT_TRUE(sockets) << sockets.error().message;
  ASSERT_EQ(sockets->open.size(), 11U) << "and the one that ends the scan";
  ASSERT_EQ(sockets->closed_ports.size(), 10U);
  std::vector<ScannedPort> ports;
  for (const std::uint16_t port : sockets->closed_ports) ports.push_back({.number = port, .is_open = false});
  for (std::size_t i = 1; i < sockets->open.size(); ++i) {
    ports.push_back({.number = *local_port(sockets->open[i].get()), .is_open = true});
  }
  ScanClient client(ports, spec);
  ASSERT_TRUE(client.warm_up());
  const auto result = client.measure();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->measured.unit, "port");
  EXPECT_EQ(result->measured.units, 20U);
  EXPECT_EQ(result->measured.count("open"), 10U);
  EXPECT_EQ(result->measured.count("closed"), 10U);
  EXPECT_EQ(result->measured.count("wrong_verdicts"), 0U);
  EXPECT_EQ(result->measured.time("open_port")->count(), 10U);
  EXPECT_EQ(result->measured.time("closed_port")->count(), 10U);
}

TEST_P(Scan, KeepsClosedPortsForItself) {
  const auto sockets = open_scan_sockets(spec_of(GetParam()));
  ASSERT_TRUE(sockets) << sockets.error().message;
  ASSERT_EQ(sockets->closed_ports.size(), 10U);
  for (const std::uint16_t port : sockets->closed_ports) {
    const auto other = open_socket(GetParam(), {});
    const Address address = Address::loopback(IpVersion::kV4, port);
    EXPECT_NE(bind(other->get(), address.get(), address.size()), 0) << port;
  }
}

class ScanInProcesses : public EndsInProcesses {
 protected:
  static WorkloadSpec spec() {
    WorkloadSpec spec = spec_of(WorkloadKind::kScan, 1);
    spec.ports = 30;
    return spec;
  }
};

INSTANTIATE_TEST_SUITE_P(Paths, ScanInProcesses, testing::ValuesIn(kPaths),
                         [](const auto& path) { return name_of_test(path.param); });

TEST_P(ScanInProcesses, TriesEveryPortOnce) {
  Workload workload = warm(spec());
  const auto results = workload.measure(kPatient);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->client.measured.units, 30U);
  EXPECT_EQ(results->client.measured.count("open"), 15U);
  EXPECT_EQ(results->client.measured.count("closed"), 15U);
  EXPECT_EQ(results->client.measured.count("wrong_verdicts"), 0U);
}

TEST_P(ScanInProcesses, FailsWhenItsServerIsKilled) {
  std::optional<Workload> workload(warm(spec()));
  const auto tids = workload->tids();
  ::kill(workload->server().identity().tid, SIGKILL);
  ASSERT_TRUE(ends_soon(workload->server().identity().tid));
  const auto results = workload->measure(kPatient);
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(results.error().message, "the scan-server process ended unexpectedly");
  workload.reset();
  for (const pid_t tid : tids) EXPECT_FALSE(exists(tid));
}

TEST_P(ScanInProcesses, SaysThatThereAreNotEnoughDescriptors) {
  WorkloadSpec many = spec();
  many.ports = 4'000'000;  // More than any kernel allows a process (fs.nr_open).
  const auto workload = Workload::start(many, kPatient);
  ASSERT_FALSE(workload);
  EXPECT_EQ(workload.error().kind, ErrorKind::kEnvironment);
  EXPECT_THAT(workload.error().message, testing::StartsWith("4000001 sockets need 4000065 descriptors"));
}

TEST_P(Scan, CountsAVerdictThatIsWrong) {
  const WorkloadSpec spec = spec_of(GetParam());
  const auto open = bind_server(GetParam(), 0);
  ASSERT_TRUE(open) << open.error().message;
  ScanClient client({{.number = *local_port(open->get()), .is_open = false}}, spec);
  const auto result = client.measure();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->measured.count("wrong_verdicts"), 1U);
}

}  // namespace
}  // namespace sockscope
