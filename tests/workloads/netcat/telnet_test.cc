#include "workloads/netcat/telnet.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace sockscope::netcat {
namespace {

using Bytes = std::vector<std::byte>;

constexpr int kEndOfSub = 240;
constexpr int kSub = 250;
constexpr int kWill = 251;
constexpr int kWont = 252;
constexpr int kDo = 253;
constexpr int kDont = 254;
constexpr int kIac = 255;

Bytes bytes(std::initializer_list<int> values) {
  Bytes made;
  for (const int value : values) made.push_back(static_cast<std::byte>(value));
  return made;
}

TEST(Telnet, RefusesEveryRequest) {
  TelnetRefusal refusal;
  EXPECT_EQ(refusal.answers_to(bytes({kIac, kDo, 1})), bytes({kIac, kWont, 1}));
  EXPECT_EQ(refusal.answers_to(bytes({kIac, kDont, 2})), bytes({kIac, kWont, 2}));
  EXPECT_EQ(refusal.answers_to(bytes({kIac, kWill, 3})), bytes({kIac, kDont, 3}));
  EXPECT_EQ(refusal.answers_to(bytes({kIac, kWont, 4})), bytes({kIac, kDont, 4}));
}

TEST(Telnet, AnswersInOrderWithDataBetween) {
  TelnetRefusal refusal;
  EXPECT_EQ(refusal.answers_to(bytes({'a', kIac, kWill, 3, 'b', kIac, kDo, 24, kIac, kDo, kIac, 'c'})),
            bytes({kIac, kDont, 3, kIac, kWont, 24, kIac, kWont, kIac}));
  EXPECT_EQ(refusal.answers_to(bytes({'d'})), Bytes());
}

TEST(Telnet, ARequestMayArriveInPieces) {
  TelnetRefusal refusal;
  EXPECT_EQ(refusal.answers_to(bytes({'x', kIac})), Bytes());
  EXPECT_EQ(refusal.answers_to(bytes({})), Bytes());
  EXPECT_EQ(refusal.answers_to(bytes({kDo})), Bytes());
  EXPECT_EQ(refusal.answers_to(bytes({34, kIac, kWill})), bytes({kIac, kWont, 34}));
  EXPECT_EQ(refusal.answers_to(bytes({1})), bytes({kIac, kDont, 1}));
}

TEST(Telnet, OtherCommandsAndAnEscaped255AreNoRequests) {
  TelnetRefusal refusal;
  EXPECT_EQ(refusal.answers_to(bytes({kIac, kIac, kDo, 1})), Bytes());
  EXPECT_EQ(refusal.answers_to(bytes({kIac, kSub, 24, 1, kIac, kEndOfSub, kDo, 1})), Bytes());
  EXPECT_EQ(refusal.answers_to(bytes({kIac, 241, kWill, 1})), Bytes());
}

}  // namespace
}  // namespace sockscope::netcat
