#include "workloads/scan.h"

#include <gtest/gtest.h>

#include "tests/workloads/connected_ends.h"
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
