#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include "tests/integration/recorded_programs.h"

/// The lab's session, one line typed from nc to nc, recorded as anyone's programs are: with the real netcat, with ours,
/// and with one of each.
namespace sockscope {
namespace {

using testing::expect_laws;
using testing::Finished;
using testing::free_port;
using testing::Json;
using testing::RecordedPrograms;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct Netcat {
  std::string command;
  std::string comm;
  std::string name_of_test;
};

const Netcat kReal{.command = "nc.openbsd", .comm = "nc.openbsd", .name_of_test = "Nc"};
const Netcat kOurs{.command = SOCKSCOPE_PROGRAM " nc", .comm = "sockscope", .name_of_test = "SockscopeNc"};

struct Pair {
  Netcat server;
  Netcat client;
};

class RecordedLab : public RecordedPrograms {
 protected:
  Json over_tcp(const Pair& pair) {
    return session([&](const std::string& at) {
      return record(pair.server.command + " -l" + at, "echo salam | " + pair.client.command + " -N" + at);
    });
  }
  Json over_udp(const Pair& pair) {
    return session([&](const std::string& at) {
      return record(pair.server.command + " -u -l" + at, "echo salam | " + pair.client.command + " -u -q 0" + at);
    });
  }

 private:
  Json session(const std::function<Finished(const std::string& at)>& record_at) {
    return report_undisturbed([&] {
      const auto finished = record_at(" 127.0.0.1 " + free_port());
      EXPECT_EQ(finished.status, 0) << finished.err;
      EXPECT_EQ(finished.out, "");
      EXPECT_THAT(finished.err, StartsWith("salam\n"));
    });
  }
};

void expect_one_message(const Json& part, const Pair& pair) {
  EXPECT_EQ(part.at("traced").at("messages"), 1);
  EXPECT_EQ(part.at("traced").at("matched"), 1);
  EXPECT_EQ(part.at("traced").at("request_one_way_ns").at("count"), 1);
  EXPECT_EQ(part.at("stages").size(), 6U);
  EXPECT_EQ(part.at("threads").at("client").at("comm"), pair.client.comm);
  EXPECT_EQ(part.at("threads").at("server").at("comm"), pair.server.comm);
}

void expect_lab_session_over_tcp(const Json& tcp, const Pair& pair) {
  EXPECT_EQ(tcp.at("totals").at("skbs"), 8);
  EXPECT_EQ(tcp.at("totals").at("socket_state_changes"), 12);
  EXPECT_EQ(tcp.at("totals").at("sockets"), 3);
  expect_one_message(tcp, pair);
}

class RecordedLabOf : public RecordedLab, public ::testing::WithParamInterface<Pair> {};

INSTANTIATE_TEST_SUITE_P(Netcats, RecordedLabOf,
                         ::testing::Values(Pair{kReal, kReal}, Pair{kOurs, kOurs}, Pair{kOurs, kReal},
                                           Pair{kReal, kOurs}),
                         [](const auto& chosen) {
                           return chosen.param.server.name_of_test + "And" + chosen.param.client.name_of_test;
                         });

TEST_P(RecordedLabOf, TakesEightSkbsAndTwelveStateChangesOverTcp) {
  const Json report = over_tcp(GetParam());
  EXPECT_EQ(report.at("mode"), "programs");
  ASSERT_THAT(report.at("protocols"), SizeIs(1));
  expect_lab_session_over_tcp(report.at("protocols").at("tcp"), GetParam());
  expect_laws(report);
  EXPECT_EQ(report.at("programs").at(0).at("status"), 0);
  EXPECT_EQ(report.at("programs").at(1).at("status"), 0);
}

TEST_P(RecordedLabOf, TakesOneSkbAndNoStateChangeOverUdp) {
  const Json report = over_udp(GetParam());
  ASSERT_THAT(report.at("protocols"), SizeIs(1));
  const Json& udp = report.at("protocols").at("udp");
  EXPECT_EQ(udp.at("totals").at("skbs"), 1);
  EXPECT_EQ(udp.at("totals").at("socket_state_changes"), 0);
  EXPECT_EQ(udp.at("totals").at("sockets"), 2);
  EXPECT_EQ(udp.at("totals").at("softirqs"), 1);
  expect_one_message(udp, GetParam());
  expect_laws(report);
  EXPECT_EQ(report.at("programs").at(0).at("status"), 128 + SIGTERM);  // it waits for more
  EXPECT_EQ(report.at("programs").at(1).at("status"), 0);
}

/// Somebody else's traffic over loopback: TCP and UDP to and fro, all the time that it lives.
class OtherTraffic {
 public:
  OtherTraffic() : thread_([this] { talk(); }) {}
  OtherTraffic(const OtherTraffic&) = delete;
  OtherTraffic(OtherTraffic&&) = delete;
  OtherTraffic& operator=(const OtherTraffic&) = delete;
  OtherTraffic& operator=(OtherTraffic&&) = delete;
  ~OtherTraffic() {
    is_over_ = true;
    thread_.join();
    EXPECT_GT(round_trips_, 100) << "there was hardly any other traffic";
  }

 private:
  void talk() {
    while (!is_over_) {
      const auto finished = testing::run({"python3", "-I", BOTH_ENDS, "4"});
      if (finished.status == 0) round_trips_ += 60;
    }
  }

  std::atomic<bool> is_over_ = false;
  std::atomic<int> round_trips_ = 0;
  std::thread thread_;
};

TEST_F(RecordedLab, IsCountedWithoutWhatOthersSendMeanwhile) {
  const OtherTraffic noise;
  const Pair pair{kReal, kReal};
  const Json report = over_tcp(pair);
  ASSERT_THAT(report.at("protocols"), SizeIs(1));
  expect_lab_session_over_tcp(report.at("protocols").at("tcp"), pair);
}

}  // namespace
}  // namespace sockscope
