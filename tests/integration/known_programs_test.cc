#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/integration/recorded_programs.h"

/// Programs that people have, recorded as they are: a session of each has the packets that it must have, and no others.
namespace sockscope {
namespace {

using testing::Json;
using ::testing::SizeIs;

/// In the commands, PORT stands for a free port and SCRATCH for an empty directory.
struct Session {
  std::string name_of_test;
  std::string server;
  std::string client;
  std::string protocol;
  std::string server_comm;
  std::string client_comm;
  int sockets = 0;
  int messages = 0;
  int round_trips = 0;
  int skbs = 0;
  int state_changes = 0;
};

// A connection of n messages, each in one segment and acknowledged: SYN, SYN-ACK, ACK; 2 n; FIN, FIN, ACK. Its states:
// the listener's 2 changes, and 5 of either end, of which the client closes first.
const std::vector<Session> kSessions{
    // It would close before the client does, having no input.
    {.name_of_test = "Ncat",
     .server = "ncat --no-shutdown -l 127.0.0.1 PORT",
     .client = "echo salam | ncat 127.0.0.1 PORT",
     .protocol = "tcp",
     .server_comm = "ncat",
     .client_comm = "ncat",
     .sockets = 3,
     .messages = 1,
     .round_trips = 0,
     .skbs = 8,
     .state_changes = 12},
    {.name_of_test = "NcatOverUdp",
     .server = "ncat -u -l 127.0.0.1 PORT",
     .client = "echo salam | ncat -u 127.0.0.1 PORT",
     .protocol = "udp",
     .server_comm = "ncat",
     .client_comm = "ncat",
     .sockets = 2,
     .messages = 1,
     .round_trips = 0,
     .skbs = 1,
     .state_changes = 0},
    {.name_of_test = "Socat",
     .server = "socat TCP-LISTEN:PORT,bind=127.0.0.1 EXEC:cat",
     .client = "echo salam | socat - TCP:127.0.0.1:PORT",
     .protocol = "tcp",
     .server_comm = "socat",
     .client_comm = "socat",
     .sockets = 3,
     .messages = 2,
     .round_trips = 1,
     .skbs = 10,
     .state_changes = 12},
    {.name_of_test = "Telnet",
     .server = "nc.openbsd -l 127.0.0.1 PORT",
     .client = "(echo salam; sleep 0.3) | telnet 127.0.0.1 PORT",
     .protocol = "tcp",
     .server_comm = "nc.openbsd",
     .client_comm = "telnet",
     .sockets = 3,
     .messages = 1,
     .round_trips = 0,
     .skbs = 8,
     .state_changes = 12},
    // The request, and the header and the body of the response.
    {.name_of_test = "Curl",
     .server = "echo salam >SCRATCH/file && "
               "exec python3 -I -m http.server --protocol HTTP/1.1 --bind 127.0.0.1 --directory SCRATCH PORT",
     .client = "curl -sf http://127.0.0.1:PORT/file",
     .protocol = "tcp",
     .server_comm = "python3",
     .client_comm = "curl",
     .sockets = 3,
     .messages = 3,
     .round_trips = 1,
     .skbs = 12,
     .state_changes = 12},
    // Which of Redis' programs it is goes by its name, and redis-server's is in another package, with the service.
    {.name_of_test = "Redis",
     .server = "ln -s $(command -v redis-check-rdb) SCRATCH/redis-server && "
               "SCRATCH/redis-server --bind 127.0.0.1 --port PORT --dir SCRATCH --save ''",
     .client = "redis-cli -p PORT PING",
     .protocol = "tcp",
     .server_comm = "redis-server",
     .client_comm = "redis-cli",
     .sockets = 3,
     .messages = 2,
     .round_trips = 1,
     .skbs = 10,
     .state_changes = 12},
};

class KnownPrograms : public testing::RecordedPrograms, public ::testing::WithParamInterface<Session> {
 protected:
  Json recorded() {
    return report_undisturbed([&] {
      std::filesystem::remove_all(directory("scratch"));
      std::filesystem::create_directory(directory("scratch"));
      const std::string port = testing::free_port();
      const auto finished = record(filled(GetParam().server, port), filled(GetParam().client, port));
      EXPECT_EQ(finished.status, 0) << finished.err;
    });
  }

 private:
  [[nodiscard]] std::string filled(std::string command, const std::string& port) const {
    for (const auto& [name, value] : {std::pair{"PORT", port}, std::pair{"SCRATCH", directory("scratch").string()}}) {
      for (std::size_t at = 0; (at = command.find(name, at)) != std::string::npos; at += value.size()) {
        command.replace(at, std::string_view(name).size(), value);
      }
    }
    return command;
  }
};

INSTANTIATE_TEST_SUITE_P(Sessions, KnownPrograms, ::testing::ValuesIn(kSessions),
                         [](const auto& chosen) { return chosen.param.name_of_test; });

TEST_P(KnownPrograms, HaveTheSocketsAndPacketsThatTheirSessionTakes) {
  const Session& session = GetParam();
  const Json report = recorded();
  ASSERT_THAT(report.at("protocols"), SizeIs(1));
  const Json& part = report.at("protocols").at(session.protocol);
  EXPECT_EQ(part.at("totals").at("sockets"), session.sockets);
  EXPECT_EQ(part.at("totals").at("round_trips"), session.round_trips);
  EXPECT_EQ(part.at("totals").at("skbs"), session.skbs);
  EXPECT_EQ(part.at("totals").at("socket_state_changes"), session.state_changes);
  EXPECT_EQ(part.at("traced").at("messages"), session.messages);
  EXPECT_EQ(part.at("traced").at("matched"), session.messages);
  EXPECT_EQ(part.at("threads").at("client").at("comm"), session.client_comm);
  EXPECT_EQ(part.at("threads").at("server").at("comm"), session.server_comm);
  testing::expect_laws(report);
}

}  // namespace
}  // namespace sockscope
