#include "workloads/netcat/port_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sockscope::netcat {
namespace {

using Ports = std::vector<std::uint16_t>;

Ports ports(const std::string& word) {
  auto found = ports_of(word, Protocol::kTcp);
  if (found) return *found;
  ADD_FAILURE() << found.error().message;
  return {};
}

std::string error_of(const std::string& word) {
  const auto found = ports_of(word, Protocol::kTcp);
  if (found) return "no error";
  EXPECT_EQ(found.error().kind, ErrorKind::kUsage);
  return found.error().message;
}

TEST(PortList, TakesANumberFromOneTo65535) {
  EXPECT_EQ(ports("1"), Ports{1});
  EXPECT_EQ(ports("0080"), Ports{80});
  EXPECT_EQ(ports("65535"), Ports{65535});
  EXPECT_EQ(error_of("0"), "port number too small: 0");
  EXPECT_EQ(error_of("65536"), "port number too large: 65536");
  EXPECT_EQ(error_of("99999999999999999999"), "port number too large: 99999999999999999999");
}

TEST(PortList, CountsARangeUpwardsWhicheverEndComesFirst) {
  EXPECT_EQ(ports("20-23"), (Ports{20, 21, 22, 23}));
  EXPECT_EQ(ports("23-20"), (Ports{20, 21, 22, 23}));
  EXPECT_EQ(ports("7-7"), Ports{7});
  Ports all(65535);
  std::ranges::generate(all, [next = std::uint16_t{1}]() mutable { return next++; });
  EXPECT_EQ(ports("1-65535"), all);
}

TEST(PortList, TakesAServiceByName) {
  EXPECT_EQ(ports("ssh"), Ports{22});
  EXPECT_EQ(ports("ftp-data"), Ports{20});  // Not a range.
  EXPECT_EQ(ports_of("tftp", Protocol::kUdp), Ports{69});
  EXPECT_EQ(error_of("tftp"), "port number invalid: tftp");  // It is UDP's.
}

TEST(PortList, NamesWhatIsNoPort) {
  EXPECT_EQ(error_of(""), "port number invalid: ");
  EXPECT_EQ(error_of("-"), "port number invalid: -");
  EXPECT_EQ(error_of("8x"), "port number invalid: 8x");
  EXPECT_EQ(error_of("8-x"), "port number invalid: x");
  EXPECT_EQ(error_of("8-"), "port number invalid: ");
  EXPECT_EQ(error_of("0-8"), "port number too small: 0");
  EXPECT_EQ(error_of("8-65536"), "port number too large: 65536");
  EXPECT_EQ(error_of("nosuchservice"), "port number invalid: nosuchservice");
}

TEST(LocalPort, MayBeNoughtForOneThatIsFree) {
  EXPECT_EQ(local_port_of("0", Protocol::kTcp), 0);
  EXPECT_EQ(local_port_of("65535", Protocol::kTcp), 65535);
  EXPECT_EQ(local_port_of("http", Protocol::kTcp), 80);
  for (const char* wrong : {"", "65536", "-1", "20-23", "nosuchservice"}) {
    EXPECT_FALSE(local_port_of(wrong, Protocol::kTcp)) << wrong;
  }
}

TEST(ServiceName, IsAStarWhereThereIsNone) {
  EXPECT_EQ(service_of(22, Protocol::kTcp), "ssh");
  EXPECT_EQ(service_of(69, Protocol::kUdp), "tftp");
  EXPECT_EQ(service_of(69, Protocol::kTcp), "*");
}

}  // namespace
}  // namespace sockscope::netcat
