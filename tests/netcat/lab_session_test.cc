#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/netcat/programs.h"

/// The lab's session: a server, a client, one line typed. It costs the same with ours as with the real one.
namespace sockscope {
namespace {

using testing::kOpenBsd;
using testing::kOurs;

// Nobody else sends anything in a network namespace of its own.
constexpr const char* kSession = R"(
  ip link set lo up
  packets() { sed -n 's/^ *lo: *[0-9]* *\([0-9]*\) .*/\1/p' /proc/net/dev; }
  bound() { tail -n +2 /proc/net/$1 | grep -q ':2328 '; }  # port 9000
  before=$(packets)
  $SERVER $SERVER_OPTIONS 127.0.0.1 9000 & server=$!
  until bound $PROTOCOL; do sleep 0.01; done
  (echo salam; sleep 0.1) | $CLIENT $CLIENT_OPTIONS 127.0.0.1 9000
  sleep 0.1
  kill $server 2>/dev/null  # UDP: nobody tells it the end
  wait $server 2>/dev/null
  echo "$(($(packets) - before)) packets"
)";

std::string session(const testing::Makes& makes, const std::string& protocol) {
  const bool udp = protocol == "udp";
  const testing::Scratch scratch;
  testing::write_file(scratch / "session.sh", kSession);
  const auto finished = testing::run_line(fmt::format(
      "SERVER='{}' SERVER_OPTIONS='{}' CLIENT='{}' CLIENT_OPTIONS='{}' PROTOCOL={} exec unshare -n sh {}", makes.server,
      udp ? "-u -l" : "-l", makes.client, udp ? "-u -q 0" : "-N", protocol, (scratch / "session.sh").string()));
  return finished.out + finished.err;
}

class LabSession : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT(kOpenBsd);
    SKIP_WITHOUT("ip");
    if (geteuid() != 0) GTEST_SKIP() << "a network namespace takes root";
  }
};

TEST_F(LabSession, HasThePacketsOfTheRealOne) {
  const std::vector<testing::Makes> makes{{kOpenBsd, kOpenBsd}, {kOpenBsd, kOurs}, {kOurs, kOpenBsd}, {kOurs, kOurs}};
  testing::with_each(makes, [](const testing::Makes& pair) {
    EXPECT_EQ(session(pair, "tcp"), "salam\n8 packets\n") << pair.server << ", " << pair.client;
    EXPECT_EQ(session(pair, "udp"), "salam\n1 packets\n") << pair.server << ", " << pair.client;
  });
}

}  // namespace
}  // namespace sockscope
