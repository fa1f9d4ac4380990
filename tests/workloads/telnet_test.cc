#include "workloads/telnet.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <initializer_list>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "tests/workloads/both_ends.h"
#include "tests/workloads/workload_fixture.h"
#include "workloads/receive_timer.h"

namespace sockscope {
namespace {

using telnet::Token;

std::vector<Token> tokens_of(std::string_view bytes) {
  telnet::Parser parser;
  std::vector<Token> tokens;
  for (const char byte : bytes) {
    if (const auto token = parser.on(static_cast<std::uint8_t>(byte))) tokens.push_back(*token);
  }
  return tokens;
}

std::string answer_of(telnet::Session& session, std::string_view bytes) {
  return session.on(std::as_bytes(std::span(bytes)));
}

TEST(TelnetParser, CutsDataOptionsAndCommandsApart) {
  using Kind = Token::Kind;
  EXPECT_EQ(tokens_of("a\xff\xfd\x01"
                      "b\xff\xf1\xff\xff"),
            (std::vector<Token>{{.kind = Kind::kData, .byte = 'a'},
                                {.kind = Kind::kOption, .byte = telnet::kDo, .option = 1},
                                {.kind = Kind::kData, .byte = 'b'},
                                {.kind = Kind::kCommand, .byte = 0xf1},
                                {.kind = Kind::kData, .byte = 0xff}}));
}

TEST(TelnetParser, PassesOverSubnegotiations) {
  EXPECT_EQ(tokens_of(std::string_view("x\xff\xfa\x18\x00xterm\xff\xff!\xff\xf0y", 16)),
            (std::vector<Token>{{.byte = 'x'}, {.byte = 'y'}}));
}

using telnet::kDo;
using telnet::kDont;
using telnet::kEcho;
using telnet::kWill;
using telnet::kWont;

std::string answer_to(telnet::Negotiation& negotiation, std::uint8_t verb, std::uint8_t option) {
  return negotiation.on({.kind = Token::Kind::kOption, .byte = verb, .option = option});
}

TEST(TelnetNegotiation, AgreesToWhatIsWelcomeAndRefusesTheRest) {
  telnet::Negotiation client({}, {kEcho});
  EXPECT_EQ(answer_to(client, kWill, kEcho), "\xff\xfd\x01");
  EXPECT_TRUE(client.peer_does(kEcho));
  EXPECT_EQ(answer_to(client, kWill, 99), "\xff\xfe\x63");
  EXPECT_EQ(answer_to(client, kDo, telnet::kTerminalType), "\xff\xfc\x18");
  EXPECT_EQ(client.agreed(), 1U);
}

// RFC 1143: what changes nothing is not answered, or two ends would answer each other for ever.
TEST(TelnetNegotiation, AnswersOnlyWhatChangesSomething) {
  telnet::Negotiation client({}, {kEcho});
  EXPECT_EQ(answer_to(client, kWont, kEcho), "");
  EXPECT_EQ(answer_to(client, kDont, kEcho), "");
  EXPECT_EQ(answer_to(client, kWill, kEcho), "\xff\xfd\x01");
  EXPECT_EQ(answer_to(client, kWill, kEcho), "") << "it is on";
  EXPECT_EQ(answer_to(client, kWont, kEcho), "\xff\xfe\x01") << "switching off has to be agreed to";
  EXPECT_FALSE(client.peer_does(kEcho));
}

TEST(TelnetNegotiation, TakesTheAnswerToItsOwnRequestForAnAnswer) {
  telnet::Negotiation client({}, {kEcho});
  EXPECT_EQ(client.ask(kEcho), "\xff\xfd\x01");
  EXPECT_EQ(client.ask(kEcho), "") << "it is asked";
  EXPECT_TRUE(client.is_pending(kEcho));
  EXPECT_EQ(answer_to(client, kWill, kEcho), "");
  EXPECT_TRUE(client.peer_does(kEcho));
  EXPECT_FALSE(client.is_pending(kEcho));
  EXPECT_EQ(client.ask(telnet::kSuppressGoAhead), "\xff\xfd\x03");
  EXPECT_EQ(answer_to(client, kWont, telnet::kSuppressGoAhead), "");
  EXPECT_FALSE(client.is_pending(telnet::kSuppressGoAhead));
  EXPECT_FALSE(client.peer_does(telnet::kSuppressGoAhead));
}

// Each offers and asks for the same before it hears of the other; the greeting may get lost on its way.
TEST(TelnetNegotiation, ComesToAnEndWhateverGetsLost) {
  for (const bool greeting_is_lost : {false, true}) {
    telnet::Session server;
    telnet::Negotiation client({}, {kEcho, telnet::kSuppressGoAhead});
    std::string to_client = server.greeting();
    std::string to_server = client.ask(kEcho) + client.ask(telnet::kSuppressGoAhead);
    if (greeting_is_lost) {
      to_client.clear();
      EXPECT_EQ(answer_of(server, to_server), "") << "it takes that for the answer to its offers";
      to_server = client.ask_anew(kEcho) + client.ask_anew(telnet::kSuppressGoAhead);
    }
    int turns = 0;
    for (; turns < 10 && !(to_client + to_server).empty(); ++turns) {
      std::string answers;
      for (const Token& token : tokens_of(to_client)) answers += client.on(token);
      to_client = answer_of(server, to_server);
      to_server = answers;
    }
    EXPECT_LT(turns, 10) << "it does not end";
    EXPECT_TRUE(client.peer_does(kEcho) && client.peer_does(telnet::kSuppressGoAhead));
    EXPECT_EQ(client.agreed(), 2U);
  }
}

TEST(TelnetSession, IsThere) {
  telnet::Session session;
  EXPECT_EQ(answer_of(session, "\xff\xf6"), "\r\n[Yes]\r\n");
}

TEST(TelnetSession, EchoesKeysAndAnswersALineWithTheLine) {
  telnet::Session session;
  EXPECT_EQ(answer_of(session, "h"), "h");
  EXPECT_EQ(answer_of(session, "i"), "i");
  EXPECT_EQ(answer_of(session, "\r\n"), "\r\nhi\r\n");
  EXPECT_EQ(session.keystrokes(), 2U);
  EXPECT_EQ(session.lines(), 1U);
}

TEST(TelnetSession, TakesAReturnWithWhatBelongsToItForOneKey) {
  telnet::Session session;
  EXPECT_EQ(answer_of(session, std::string_view("a\r\0", 3)), "a\r\na\r\n");
  EXPECT_EQ(answer_of(session, "b\r"), "b\r\nb\r\n");
  EXPECT_EQ(answer_of(session, "\nc\n"), "c\r\nc\r\n") << "a line feed alone ends a line too";
  EXPECT_EQ(session.lines(), 3U);
  EXPECT_EQ(answer_of(session, std::string_view("\0\0d\0", 4)), "d") << "NUL is no key";
}

TEST(TelnetSession, AnswersOptionsAmongDataAndKnowsItsEnds) {
  telnet::Session session;
  EXPECT_EQ(session.greeting(), "\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18");
  EXPECT_EQ(answer_of(session, "\xff\xfd\x01\xff\xfc\x18"), "") << "these are the answers to its greeting";
  EXPECT_EQ(answer_of(session, "\xff\xfb\x1f"), "\xff\xfe\x1f") << "a window's size is of no use to it";
  EXPECT_FALSE(session.has_come(telnet::Session::kEndOfBlock));
  EXPECT_EQ(answer_of(session, "x\x17\r\n"), "x\x17\r\n\r\n") << "what was typed before it is no line";
  EXPECT_TRUE(session.has_come(telnet::Session::kEndOfBlock));
  EXPECT_FALSE(session.has_come(telnet::Session::kEndOfTransmission));
  EXPECT_EQ(answer_of(session, "\x04"), "\x04");
  EXPECT_TRUE(session.has_come(telnet::Session::kEndOfTransmission));
}

WorkloadSpec spec_of(Protocol protocol, std::uint64_t count = 10) {
  WorkloadSpec spec = ShortRun{.protocol = protocol, .size = 8, .count = count, .warm_up = 2}.spec();
  spec.kind = WorkloadKind::kTelnet;
  return spec;
}

class Telnet : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, Telnet, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(Telnet, TypesEveryKeyOfEveryLine) {
  const auto [client, server] = run_both_ends<TelnetClient, TelnetServer>(spec_of(GetParam()));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->measured.unit, "line");
  EXPECT_EQ(client->measured.units, 10U);
  EXPECT_EQ(client->measured.count("options_agreed"), 2U) << "echo and suppress go-ahead";
  EXPECT_EQ(client->measured.time("keystroke")->count(), 80U);
  EXPECT_EQ(client->measured.time("line")->count(), 10U);
  EXPECT_EQ(client->lost, 0U);
  EXPECT_EQ(server->round_trips, 10U);
}

// Whoever answers, and refuses to echo.
TEST(TelnetClient, SaysThatItsServerDoesNotEcho) {
  const ConnectedEnds ends(Protocol::kTcp);
  const std::string refusal("\xff\xfc\x01\xff\xfc\x03", 6);
  ASSERT_EQ(write(ends.server.get(), refusal.data(), refusal.size()), std::ssize(refusal));
  TelnetClient client(ends.client.get(), spec_of(Protocol::kTcp));
  const auto warm = client.warm_up();
  ASSERT_FALSE(warm);
  EXPECT_EQ(warm.error().message, "the server does not agree to echo: there are no keystrokes to be timed");
}

/// Serves a session, but for the datagrams of these numbers, which it never saw.
void serve_without(int socket, std::initializer_list<int> lost) {
  telnet::Session session;
  const std::string greeting = session.greeting();
  if (std::ranges::find(lost, -1) == lost.end()) (void)!write(socket, greeting.data(), greeting.size());
  std::array<std::byte, 256> buffer{};
  for (int i = 0;; ++i) {
    ssize_t got = -1;
    while ((got = recv(socket, buffer.data(), buffer.size(), 0)) < 0 && errno == EINTR) {
    }
    if (got <= 0) return;
    if (std::ranges::find(lost, i) != lost.end()) continue;
    const std::string answer = session.on(std::span(buffer).first(static_cast<std::size_t>(got)));
    if (answer.empty()) continue;
    EXPECT_EQ(write(socket, answer.data(), answer.size()), std::ssize(answer));
  }
}

Result<EndResult> typed_to_a_server_without(std::initializer_list<int> lost, std::uint64_t warm_up) {
  const ConnectedEnds ends(Protocol::kUdp);
  const std::jthread server([&] { serve_without(ends.server.get(), lost); });
  const auto timer = ReceiveTimer::start(std::chrono::milliseconds{50});
  WorkloadSpec spec = spec_of(Protocol::kUdp, 3);
  spec.warm_up = warm_up;
  TelnetClient client(ends.client.get(), spec);
  auto result = run_end(client);
  (void)send(ends.client.get(), nullptr, 0, 0);
  return result;
}

TEST(TelnetLoss, OfTheGreetingMakesTheClientAskAnew) {
  const auto result = typed_to_a_server_without({-1}, 0);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->measured.count("options_agreed"), 2U);
  EXPECT_EQ(result->measured.time("line")->count(), 3U);
  EXPECT_EQ(result->lost, 0U);
}

// Datagram 0 asks for options, 1 refuses the terminal type, 2 ends the warm-up; then come 9 a line.
TEST(TelnetLoss, OfAKeyIsCountedAndItsLineIsNotTimed) {
  const auto result = typed_to_a_server_without({5}, 0);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->lost, 1U);
  EXPECT_EQ(result->measured.time("keystroke")->count(), 23U);
  EXPECT_EQ(result->measured.time("line")->count(), 2U);
}

// The server then has both lines for one, and its answer is to neither.
TEST(TelnetLoss, OfTheReturnCostsItsLineAndTheNext) {
  const auto result = typed_to_a_server_without({11}, 0);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->lost, 2U);
  EXPECT_EQ(result->measured.time("line")->count(), 1U);
  EXPECT_EQ(result->measured.time("keystroke")->count(), 24U);
}

class TelnetInProcesses : public EndsInProcesses {};

INSTANTIATE_TEST_SUITE_P(Paths, TelnetInProcesses, testing::ValuesIn(kPaths),
                         [](const auto& path) { return name_of_test(path.param); });

TEST_P(TelnetInProcesses, TypesExactlyTheLinesAskedFor) {
  WorkloadSpec spec = spec_of(WorkloadKind::kTelnet, 10);
  spec.size = 12;
  Workload workload = warm(spec);
  const auto results = workload.measure(kPatient);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->client.measured.time("keystroke")->count(), 120U);
  EXPECT_EQ(results->client.measured.time("line")->count(), 10U);
  EXPECT_EQ(results->client.measured.time("negotiation")->count(), 1U);
  EXPECT_EQ(results->client.measured.count("options_agreed"), 2U);
  EXPECT_EQ(results->client.lost, 0U);
  EXPECT_EQ(results->server.round_trips, 10U);
}

TEST(TelnetClient, SaysThatItsServerLeft) {
  ConnectedEnds ends(Protocol::kTcp);
  ends.server.reset();
  TelnetClient client(ends.client.get(), spec_of(Protocol::kTcp));
  const auto warm = client.warm_up();
  ASSERT_FALSE(warm);
  EXPECT_EQ(warm.error().message, "the server closed the connection");
}

TEST(TelnetServer, SaysThatItsClientLeftDuringTheWarmUp) {
  const ConnectedEnds ends(Protocol::kTcp);
  ASSERT_EQ(shutdown(ends.client.get(), SHUT_WR), 0);
  TelnetServer server(ends.server.get(), spec_of(Protocol::kTcp));
  const auto warm = server.warm_up();
  ASSERT_FALSE(warm);
  EXPECT_EQ(warm.error().message, "the client left during the warm-up");
}

}  // namespace
}  // namespace sockscope
