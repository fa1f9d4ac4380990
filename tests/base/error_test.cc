#include "base/error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace sockscope {
namespace {

Result<int> port_of(int wanted) {
  if (wanted > 65'535) return fail(ErrorKind::kUsage, "port {} does not exist: the last is {}", wanted, 65'535);
  return wanted;
}

Result<std::string> address_of(int wanted) {
  auto port = port_of(wanted);
  if (!port) return pass_on(port);
  return fmt::format("127.0.0.1:{}", *port);
}

TEST(Error, FailFormatsItsSentence) {
  const auto port = port_of(70'000);
  ASSERT_FALSE(port.has_value());
  EXPECT_EQ(port.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(port.error().message, "port 70000 does not exist: the last is 65535");
}

TEST(Error, PassOnKeepsKindAndMessage) {
  ASSERT_EQ(address_of(80).value_or(""), "127.0.0.1:80");
  const auto address = address_of(70'000);
  ASSERT_FALSE(address.has_value());
  EXPECT_EQ(address.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(address.error().message, "port 70000 does not exist: the last is 65535");
}

TEST(Error, ErrnoHasItsText) { EXPECT_EQ(errno_text(ENOENT), "No such file or directory"); }

}  // namespace
}  // namespace sockscope
