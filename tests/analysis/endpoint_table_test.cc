#include "analysis/endpoint_table.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

using Index = EndpointTable::Index;

constexpr std::uint64_t kClientSk = 0xc0;
constexpr std::uint64_t kServerSk = 0x50;
constexpr std::uint64_t kNextSk = 0xc1;
constexpr std::int32_t kPid = 100;
constexpr std::int32_t kNextPid = 300;

/// Two endpoints; a message of 64 bytes is on its way from the client.
class EndpointTableTest : public testing::Test {
 protected:
  EndpointTableTest() : client_(table_.at(100, 4)), server_(table_.at(200, 5)) { send(client_, 64); }

  void send(Index sender, std::uint64_t bytes) {
    Endpoint& end = table_[sender];
    const std::uint64_t begin = end.sent;
    end.sent += bytes;
    end.outbound.push_back({.number = end.messages++, .begin = begin, .end = end.sent, .path = {}});
  }

  EndpointTable table_;
  Index client_;
  Index server_;
};

TEST_F(EndpointTableTest, FindsAnEndpointByThreadAndDescriptor) {
  EXPECT_EQ(table_.at(100, 4), client_);
  EXPECT_EQ(table_.at(200, 5), server_);
  EXPECT_EQ(table_.all().size(), 2U);
  EXPECT_EQ(table_[client_].tid, 100);
  EXPECT_EQ(table_[client_].fd, 4);
}

TEST_F(EndpointTableTest, TellsTheSameDescriptorOfTwoThreadsApart) {
  const Index other = table_.at(101, 4);
  EXPECT_NE(other, client_);
  EXPECT_NE(table_.at(100, 5), server_);
  EXPECT_EQ(table_.all().size(), 4U);
}

TEST_F(EndpointTableTest, ConnectsWhenThePacketComesBeforeTheReceiverIsKnown) {
  table_.bind(client_, kClientSk, kPid, 0);
  table_.arrives_at(client_, kServerSk);
  ASSERT_EQ(table_[client_].peer, Endpoint::kNobody);
  table_.bind(server_, kServerSk, kPid, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].peer, server_);
  EXPECT_EQ(table_[server_].peer, client_);
  EXPECT_TRUE(table_[client_].is_client);
  EXPECT_FALSE(table_[server_].is_client);
}

TEST_F(EndpointTableTest, ConnectsWhenTheReceiverIsKnownBeforeThePacketComes) {
  table_.bind(server_, kServerSk, kPid, EndpointTable::kNoMessage);
  ASSERT_EQ(table_[client_].peer, Endpoint::kNobody);
  table_.arrives_at(client_, kServerSk);
  EXPECT_EQ(table_[client_].peer, server_);
  EXPECT_TRUE(table_[client_].is_client);
}

TEST_F(EndpointTableTest, DoesNotConnectASocketThatSendsToItselfAlone) {
  table_.bind(client_, kClientSk, kPid, 0);
  table_.arrives_at(client_, kClientSk);
  EXPECT_EQ(table_[client_].peer, Endpoint::kNobody);
}

TEST_F(EndpointTableTest, KeepsItsClientWhenTheAnswerArrives) {
  table_.connect(client_, server_);
  table_.bind(client_, kClientSk, kPid, 0);
  table_.bind(server_, kServerSk, kPid, EndpointTable::kNoMessage);
  table_.arrives_at(server_, kClientSk);
  EXPECT_TRUE(table_[client_].is_client);
  EXPECT_FALSE(table_[server_].is_client);
}

TEST_F(EndpointTableTest, CountsAPeersBytesFromTheFirstOneThatIsStillOnItsWay) {
  send(client_, 64);
  table_[client_].outbound.pop_front();  // 0..64 arrived before anyone looked.
  send(server_, 10);
  table_[server_].outbound.pop_front();
  table_.connect(client_, server_);
  EXPECT_EQ(table_[server_].received, 64U);
  EXPECT_EQ(table_[client_].received, 10U) << "nothing is on its way: all that was sent has arrived";
}

TEST_F(EndpointTableTest, ChangesNothingWhenTheSameSocketIsNamedAgain) {
  table_.bind(client_, kClientSk, kPid, 0);
  table_.connect(client_, server_);
  table_.bind(client_, kClientSk, kPid, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].peer, server_);
  EXPECT_EQ(table_[client_].outbound.size(), 1U);
}

TEST_F(EndpointTableTest, StartsAnewWhenTheDescriptorIsAnotherSocket) {
  table_.bind(client_, kClientSk, kPid, 0);
  table_.connect(client_, server_);
  table_.bind(client_, kNextSk, kPid, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].sk, kNextSk);
  EXPECT_EQ(table_[client_].tid, 100);
  EXPECT_EQ(table_[client_].fd, 4);
  EXPECT_EQ(table_[client_].peer, Endpoint::kNobody);
  EXPECT_EQ(table_[server_].peer, Endpoint::kNobody);
  EXPECT_TRUE(table_[client_].outbound.empty());
  EXPECT_EQ(table_[client_].received, 0U);
}

TEST_F(EndpointTableTest, KeepsTheMessageThatTheNewSocketIsSending) {
  table_.bind(client_, kClientSk, kPid, 0);
  table_.connect(client_, server_);
  send(client_, 100);  // Number 1, bytes 64..164, of the next connection.
  table_.arrives_at(client_, kServerSk);
  table_.bind(client_, kNextSk, kPid, 1);
  ASSERT_EQ(table_[client_].outbound.size(), 1U);
  EXPECT_EQ(table_[client_].outbound.front().number, 1U);
  EXPECT_EQ(table_[client_].first_outbound_byte(), 64U);
  EXPECT_EQ(table_[client_].sent, 164U);
  EXPECT_EQ(table_[client_].messages, 2U);
  table_.bind(server_, kServerSk, kPid, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].peer, server_);
  EXPECT_EQ(table_[server_].received, 64U);
}

TEST_F(EndpointTableTest, DoesNotConnectToASocketThatWasClosed) {
  table_.bind(server_, kServerSk, kPid, EndpointTable::kNoMessage);
  table_.bind(server_, kNextSk, kPid, EndpointTable::kNoMessage);
  table_.arrives_at(client_, kServerSk);
  EXPECT_EQ(table_[client_].peer, Endpoint::kNobody);
  table_.arrives_at(client_, kNextSk);
  EXPECT_EQ(table_[client_].peer, server_);
}

TEST(Endpoint, FindsTheMessagesThatAreOnTheirWayByNumber) {
  Endpoint end;
  ASSERT_EQ(end.find(0), nullptr);
  end.outbound.push_back({.number = 5, .begin = 0, .end = 10, .path = {}});
  end.outbound.push_back({.number = 6, .begin = 10, .end = 20, .path = {}});
  ASSERT_NE(end.find(6), nullptr);
  EXPECT_EQ(end.find(6)->begin, 10U);
  EXPECT_EQ(end.find(5)->begin, 0U);
  EXPECT_EQ(end.find(4), nullptr);
  EXPECT_EQ(end.find(7), nullptr);
}

TEST(Endpoint, FirstOutboundByteIsTheNextOneToBeSentWhenNothingIsOnItsWay) {
  Endpoint end;
  end.sent = 300;
  EXPECT_EQ(end.first_outbound_byte(), 300U);
  end.outbound.push_back({.number = 0, .begin = 200, .end = 300, .path = {}});
  EXPECT_EQ(end.first_outbound_byte(), 200U);
}

// A run after the other: the kernel gives the new sockets the addresses of the closed ones, crosswise.
TEST_F(EndpointTableTest, AnAddressUsedAgainByAnotherProcessIsAnotherSocket) {
  table_.bind(client_, kClientSk, kPid, 0);
  table_.arrives_at(client_, kServerSk);
  table_.bind(server_, kServerSk, kPid + 1, EndpointTable::kNoMessage);
  ASSERT_EQ(table_[client_].peer, server_);
  table_[server_].has_heard_peer = table_[client_].has_heard_peer = true;

  const Index next_client = table_.at(300, 4);
  const Index next_server = table_.at(400, 5);
  send(next_client, 64);
  table_.bind(next_client, kServerSk, kNextPid, 0);
  EXPECT_EQ(table_[server_].peer, Endpoint::kNobody);
  EXPECT_EQ(table_[client_].peer, Endpoint::kNobody);
  EXPECT_EQ(table_[next_client].peer, Endpoint::kNobody) << "whoever sent to the old socket does not send to this one";

  table_.arrives_at(next_client, kClientSk);
  table_.bind(next_server, kClientSk, kNextPid + 1, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[next_client].peer, next_server);
  EXPECT_EQ(table_[next_server].peer, next_client);
  EXPECT_TRUE(table_[next_client].is_client);
  EXPECT_EQ(table_[client_].peer, Endpoint::kNobody);
}

TEST_F(EndpointTableTest, ASocketThatThreadsOfOneProcessShareStaysWithBoth) {
  const Index other = table_.at(101, 4);
  table_.bind(client_, kClientSk, kPid, 0);
  table_.bind(other, kClientSk, kPid, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].sk, kClientSk);
  EXPECT_EQ(table_[other].sk, kClientSk);
}

TEST_F(EndpointTableTest, EndpointsAreBounded) {
  for (std::size_t fd = table_.all().size(); fd < EndpointTable::kMostEndpoints; ++fd) {
    ASSERT_NE(table_.at(500, static_cast<int>(fd)), Endpoint::kNobody);
  }
  EXPECT_EQ(table_.at(500, 0), Endpoint::kNobody);
  EXPECT_EQ(table_.at(100, 4), client_) << "those known stay known";
  EXPECT_EQ(table_.all().size(), EndpointTable::kMostEndpoints);
}

/// Two sockets that SessionAnalysis knows since they were made; 64 bytes are on their way from the first one.
class SharedEndpoints : public testing::Test {
 protected:
  SharedEndpoints() : one_(table_.at(EndpointTable::kAnyThread, 0)), other_(table_.at(EndpointTable::kAnyThread, 1)) {
    table_[one_].outbound.push_back({.number = 0, .begin = 100, .end = 164, .path = {}});
    table_[one_].sent = 164;
    table_[other_].received = 100;
  }

  EndpointTable table_;
  Index one_;
  Index other_;
};

TEST_F(SharedEndpoints, CountTheirBytesFromTheFirstOneOnAndNotFromTheirMeeting) {
  table_[other_].received = 30;
  table_.connect(one_, other_);
  EXPECT_TRUE(table_[one_].is_whole);
  EXPECT_EQ(table_[other_].received, 30U);
}

TEST_F(SharedEndpoints, HaveTheirRolesFromAcceptWhoeverSendsFirst) {
  table_[one_].is_accepted = true;
  table_.bind(one_, kServerSk, kPid, EndpointTable::kNoMessage);
  table_.bind(other_, kClientSk, kPid, EndpointTable::kNoMessage);
  table_.arrives_at(one_, kClientSk);
  EXPECT_FALSE(table_[one_].is_client);
  EXPECT_TRUE(table_[other_].is_client);
  EXPECT_EQ(table_[one_].peer, other_);
}

// Both in one process: without SessionAnalysis they would be two threads that share a socket.
TEST_F(SharedEndpoints, OfTheSameAddressAreTwoSocketsOneAfterTheOther) {
  const Index next = table_.at(EndpointTable::kAnyThread, 2);
  table_.bind(one_, kClientSk, kPid, EndpointTable::kNoMessage);
  table_.bind(other_, kServerSk, kPid, EndpointTable::kNoMessage);
  table_.arrives_at(one_, kServerSk);
  ASSERT_EQ(table_[one_].peer, other_);
  table_.bind(next, kServerSk, kPid, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[other_].peer, Endpoint::kNobody);
  EXPECT_EQ(table_[one_].peer, next);
}

TEST_F(SharedEndpoints, PassOverWhatNobodyFollows) {
  table_.bind(one_, kClientSk, kPid, EndpointTable::kNoMessage);
  table_.pass_over(kClientSk, true, 10);
  table_.pass_over(kClientSk, false, 20);
  table_.pass_over(0xdead, true, 30);
  EXPECT_EQ(table_[one_].sent, 174U);
  EXPECT_EQ(table_[one_].received, 20U);
}

}  // namespace
}  // namespace sockscope
