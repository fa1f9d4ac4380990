#include "harness/process_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

#include "base/child_process.h"
#include "base/unique_fd.h"

namespace sockscope {
namespace {

using ::testing::Contains;
using ::testing::SizeIs;

const std::vector<pid_t>& ourselves() {
  static const std::vector<pid_t> pids{getpid()};
  return pids;
}

/// A socket on a free port of loopback, IPv4 or IPv6; listening if it is TCP's.
UniqueFd serve(int family, int type) {
  UniqueFd fd(socket(family, type | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = static_cast<sa_family_t>(family);
  address.sin6_addr = in6addr_any;
  // A sockaddr_in of zeros is any address, too.
  const socklen_t length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);  // NOLINT: the API
  if (type == SOCK_STREAM) {
    EXPECT_EQ(::listen(fd.get(), 1), 0);
  }
  return fd;
}

TEST(Listens, WithAListeningTcpOrABoundUdpSocketOfEitherFamily) {
  for (const int family : {AF_INET, AF_INET6}) {
    for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
      ASSERT_FALSE(listens(ourselves())) << family << ", " << type;
      const UniqueFd server = serve(family, type);
      EXPECT_TRUE(listens(ourselves())) << family << ", " << type;
      EXPECT_FALSE(listens({getppid()}));
    }
  }
}

TEST(Listens, NotWithASocketThatIsNeither) {
  const UniqueFd tcp(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const UniqueFd local(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_FALSE(listens(ourselves()));
  EXPECT_FALSE(listens({}));
}

TEST(DescendantsOf, AreChildrenAndTheirs) {
  auto shell = ChildProcess::exec({.name = "sh"}, {"sh", "-c", "sleep 60 & wait"});
  ASSERT_TRUE(shell);
  std::vector<pid_t> found;
  for (int tries = 0; tries < 1000 && found.size() < 2; ++tries) {
    usleep(5'000);
    found = descendants_of(getpid());
  }
  EXPECT_THAT(found, SizeIs(2));
  EXPECT_THAT(found, Contains(shell->pid()));
  EXPECT_THAT(descendants_of(shell->pid()), SizeIs(1));
  for (const pid_t pid : found) kill(pid, SIGKILL);
}

TEST(Watch, SaysWhoHasEnded) {
  auto one = ChildProcess::exec({.name = "sleep"}, {"sleep", "60"});
  auto other = ChildProcess::exec({.name = "sleep"}, {"sleep", "60"});
  ASSERT_TRUE(one && other);
  const auto watched = watch({one->pid(), other->pid()});
  ASSERT_THAT(watched, SizeIs(2));
  one->send_signal(SIGKILL);
  EXPECT_TRUE(wait_readable(watched[0].get(), {}, "the one"));
  EXPECT_FALSE(wait_readable(watched[1].get(), {.timeout = std::chrono::milliseconds{50}}, "the other"));
  const pid_t gone = one->pid();
  ASSERT_TRUE(one->wait({}));
  EXPECT_THAT(watch({gone}), SizeIs(0));
}

// A grandchild in a session of its own, whose parent has ended.
TEST(OrphanKeeper, KillsWhatGotAway) {
  pid_t orphan = 0;
  {
    auto keeper = OrphanKeeper::install();
    ASSERT_TRUE(keeper);
    auto shell = ChildProcess::exec({.name = "sh"}, {"sh", "-c", "setsid sleep 60 & :"});
    ASSERT_TRUE(shell);
    ASSERT_TRUE(shell->wait({}));
    const auto left = descendants_of(getpid());
    ASSERT_THAT(left, SizeIs(1));
    orphan = left[0];
    EXPECT_EQ(kill(orphan, 0), 0);
  }
  EXPECT_EQ(kill(orphan, 0), -1);
  EXPECT_EQ(errno, ESRCH);
  int is_subreaper = -1;
  prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper);
  EXPECT_EQ(is_subreaper, 0);
}

}  // namespace
}  // namespace sockscope
