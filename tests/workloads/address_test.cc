#include "workloads/address.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

TEST(Address, OfLoopbackIsThatOfItsVersion) {
  EXPECT_EQ(Address::loopback(IpVersion::kV4, 80).text(), "127.0.0.1:80");
  EXPECT_EQ(Address::loopback(IpVersion::kV6, 80).text(), "[::1]:80");
  EXPECT_EQ(Address::loopback(IpVersion::kV4, 80).size(), sizeof(sockaddr_in));
  EXPECT_EQ(Address::loopback(IpVersion::kV6, 80).size(), sizeof(sockaddr_in6));
}

TEST(Address, IsReadFromItsNumbers) {
  const auto v4 = Address::parse(IpVersion::kV4, "127.0.0.9", 65535);
  ASSERT_TRUE(v4) << v4.error().message;
  EXPECT_EQ(v4->text(), "127.0.0.9:65535");
  const auto v6 = Address::parse(IpVersion::kV6, "2001:db8::7", 1);
  ASSERT_TRUE(v6) << v6.error().message;
  EXPECT_EQ(v6->text(), "[2001:db8::7]:1");
  EXPECT_EQ(v6->version(), IpVersion::kV6);
}

TEST(Address, IsNoNameAndNotOfTheOtherVersion) {
  for (const char* text : {"localhost", "::1", "127.0.0", "", "127.0.0.1 "}) {
    const auto address = Address::parse(IpVersion::kV4, text, 1);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(address.error().message, fmt::format("\"{}\" is no numeric IPv4 address", text));
  }
  EXPECT_EQ(Address::parse(IpVersion::kV6, "127.0.0.1", 1).error().message, "\"127.0.0.1\" is no numeric IPv6 address");
}

}  // namespace
}  // namespace sockscope
