#include "workloads/netcat/address.h"

#include <gtest/gtest.h>

namespace sockscope::netcat {
namespace {

std::string error_of(const AddressQuestion& question) {
  const auto found = resolve(question);
  return found ? "no error" : found.error().message;
}

TEST(Resolve, ReadsNumbersOfEitherFamily) {
  const auto four = resolve({.host = "127.0.0.1", .port = 9000});
  ASSERT_EQ(four->size(), 1U);
  EXPECT_EQ(four->front().family(), AF_INET);
  EXPECT_EQ(four->front().port(), 9000);
  EXPECT_EQ(number_of(four->front()), "127.0.0.1");
  const auto six = resolve({.host = "::1", .port = 65535, .protocol = Protocol::kUdp});
  ASSERT_EQ(six->size(), 1U);
  EXPECT_EQ(six->front().family(), AF_INET6);
  EXPECT_EQ(six->front().port(), 65535);
  EXPECT_EQ(number_of(six->front()), "::1");
}

TEST(Resolve, GivesAnyAddressForNoHost) {
  const auto four = resolve({.port = 9, .family = AF_INET});
  EXPECT_EQ(number_of(four->front()), "0.0.0.0");
  EXPECT_TRUE(four->front().is_any());
  EXPECT_EQ(name_of(four->front()), "0.0.0.0");
  const auto six = resolve({.port = 9, .family = AF_INET6});
  EXPECT_EQ(name_of(six->front()), "::");
  EXPECT_TRUE(six->front().is_any());
  EXPECT_FALSE(resolve({.host = "::1"})->front().is_any());
  EXPECT_FALSE(resolve({.host = "127.0.0.1"})->front().is_any());
}

TEST(Resolve, NamesTheHostThatHasNoAddress) {
  EXPECT_EQ(error_of({.host = "localhost", .port = 1, .numeric_only = true}),
            R"(getaddrinfo for host "localhost" port 1: Name or service not known)");
  EXPECT_EQ(error_of({.host = "127.0.0.1", .port = 1, .family = AF_INET6}),
            R"(getaddrinfo for host "127.0.0.1" port 1: Address family for hostname not supported)");
  EXPECT_EQ(error_of({.host = "localhost", .port = 1}), "no error");
}

}  // namespace
}  // namespace sockscope::netcat
