#include "workloads/telnet.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <span>
#include <string>
#include <vector>

#include "tests/workloads/both_ends.h"

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

TEST(TelnetClientAnswer, AgreesToTheServersEchoAndRefusesTheRest) {
  using Kind = Token::Kind;
  const auto answer = [](std::uint8_t verb, std::uint8_t option) {
    return telnet::client_answer({.kind = Kind::kOption, .byte = verb, .option = option});
  };
  EXPECT_EQ(answer(telnet::kWill, telnet::kEcho), "\xff\xfd\x01");
  EXPECT_EQ(answer(telnet::kWill, telnet::kSuppressGoAhead), "\xff\xfd\x03");
  EXPECT_EQ(answer(telnet::kWill, 99), "\xff\xfe\x63");
  EXPECT_EQ(answer(telnet::kDo, telnet::kTerminalType), "\xff\xfc\x18");
  EXPECT_EQ(answer(telnet::kWont, telnet::kEcho), "") << "an answer to an answer would never end";
  EXPECT_EQ(answer(telnet::kDont, telnet::kEcho), "");
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

TEST(TelnetSession, SaysNothingToOptionsAndEndsItsPhaseWithControlD) {
  telnet::Session session;
  EXPECT_EQ(answer_of(session, "\xff\xfd\x01\xff\xfc\x18"), "");
  EXPECT_FALSE(session.take_end_of_phase());
  EXPECT_EQ(answer_of(session, "\x04"), "\x04");
  EXPECT_TRUE(session.take_end_of_phase());
  EXPECT_FALSE(session.take_end_of_phase());
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

TEST(TelnetClient, SaysThatItsServerLeft) {
  ConnectedEnds ends(Protocol::kTcp);
  ends.server.reset();
  TelnetClient client(ends.client.get(), spec_of(Protocol::kTcp));
  const auto warm = client.warm_up();
  ASSERT_FALSE(warm);
  EXPECT_EQ(warm.error().message, "the server closed the connection");
}

TEST(TelnetServer, SaysThatItsClientLeftDuringTheWarmUp) {
  ConnectedEnds ends(Protocol::kTcp);
  ASSERT_EQ(shutdown(ends.client.get(), SHUT_WR), 0);
  TelnetServer server(ends.server.get(), spec_of(Protocol::kTcp));
  const auto warm = server.warm_up();
  ASSERT_FALSE(warm);
  EXPECT_EQ(warm.error().message, "the client left during the warm-up");
}

}  // namespace
}  // namespace sockscope
