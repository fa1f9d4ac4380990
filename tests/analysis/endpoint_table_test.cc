#include "analysis/endpoint_table.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

using Index = EndpointTable::Index;

constexpr std::uint64_t kClientSk = 0xc0;
constexpr std::uint64_t kServerSk = 0x50;
constexpr std::uint64_t kNextSk = 0xc1;

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
  table_.bind(client_, kClientSk, 0);
  table_.arrives_at(client_, kServerSk);
  ASSERT_EQ(table_[client_].peer, Endpoint::kNobody);
  table_.bind(server_, kServerSk, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].peer, server_);
  EXPECT_EQ(table_[server_].peer, client_);
  EXPECT_TRUE(table_[client_].is_client);
  EXPECT_FALSE(table_[server_].is_client);
}

TEST_F(EndpointTableTest, ConnectsWhenTheReceiverIsKnownBeforeThePacketComes) {
  table_.bind(server_, kServerSk, EndpointTable::kNoMessage);
  ASSERT_EQ(table_[client_].peer, Endpoint::kNobody);
  table_.arrives_at(client_, kServerSk);
  EXPECT_EQ(table_[client_].peer, server_);
  EXPECT_TRUE(table_[client_].is_client);
}

TEST_F(EndpointTableTest, DoesNotConnectASocketThatSendsToItselfAlone) {
  table_.bind(client_, kClientSk, 0);
  table_.arrives_at(client_, kClientSk);
  EXPECT_EQ(table_[client_].peer, Endpoint::kNobody);
}

TEST_F(EndpointTableTest, KeepsItsClientWhenTheAnswerArrives) {
  table_.connect(client_, server_);
  table_.bind(client_, kClientSk, 0);
  table_.bind(server_, kServerSk, EndpointTable::kNoMessage);
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
  table_.bind(client_, kClientSk, 0);
  table_.connect(client_, server_);
  table_.bind(client_, kClientSk, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].peer, server_);
  EXPECT_EQ(table_[client_].outbound.size(), 1U);
}

TEST_F(EndpointTableTest, StartsAnewWhenTheDescriptorIsAnotherSocket) {
  table_.bind(client_, kClientSk, 0);
  table_.connect(client_, server_);
  table_.bind(client_, kNextSk, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].sk, kNextSk);
  EXPECT_EQ(table_[client_].tid, 100);
  EXPECT_EQ(table_[client_].fd, 4);
  EXPECT_EQ(table_[client_].peer, Endpoint::kNobody);
  EXPECT_EQ(table_[server_].peer, Endpoint::kNobody);
  EXPECT_TRUE(table_[client_].outbound.empty());
  EXPECT_EQ(table_[client_].received, 0U);
}

TEST_F(EndpointTableTest, KeepsTheMessageThatTheNewSocketIsSending) {
  table_.bind(client_, kClientSk, 0);
  table_.connect(client_, server_);
  send(client_, 100);  // Number 1, bytes 64..164, of the next connection.
  table_.arrives_at(client_, kServerSk);
  table_.bind(client_, kNextSk, 1);
  ASSERT_EQ(table_[client_].outbound.size(), 1U);
  EXPECT_EQ(table_[client_].outbound.front().number, 1U);
  EXPECT_EQ(table_[client_].first_outbound_byte(), 64U);
  EXPECT_EQ(table_[client_].sent, 164U);
  EXPECT_EQ(table_[client_].messages, 2U);
  table_.bind(server_, kServerSk, EndpointTable::kNoMessage);
  EXPECT_EQ(table_[client_].peer, server_);
  EXPECT_EQ(table_[server_].received, 64U);
}

TEST_F(EndpointTableTest, DoesNotConnectToASocketThatWasClosed) {
  table_.bind(server_, kServerSk, EndpointTable::kNoMessage);
  table_.bind(server_, kNextSk, EndpointTable::kNoMessage);
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

}  // namespace
}  // namespace sockscope
