#include "workloads/netcat/connection.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "workloads/netcat/listener.h"

namespace sockscope::netcat {
namespace {

Address loopback(std::uint16_t port) { return resolve({.host = "127.0.0.1", .port = port})->front(); }

UniqueFd listener(std::uint16_t port = 0) {
  const std::vector where{loopback(port)};
  return std::move(*listen_at(where, Protocol::kTcp, {}));
}

Address address_of(const UniqueFd& socket) { return *local_address(socket.get()); }

UniqueFd fresh_socket() { return std::move(*open_socket(AF_INET, Protocol::kTcp, Blocking::kNo)); }

int buffer_of(const UniqueFd& socket, int option) {
  int bytes = 0;
  socklen_t length = sizeof bytes;
  getsockopt(socket.get(), SOL_SOCKET, option, &bytes, &length);
  return bytes;
}

TEST(Connection, ConnectsFromTheChosenPort) {
  const auto server = listener();
  const Address source = address_of(listener());  // Free again at once.
  const auto client = fresh_socket();
  ASSERT_TRUE(bind_source(client.get(), source));
  EXPECT_EQ(connect_within(client.get(), address_of(server), std::nullopt).connected, Connected::kYes);
  const auto peer = accept_peer(server.get());
  EXPECT_EQ(peer->address.port(), source.port());
  EXPECT_EQ(number_of(peer->address), "127.0.0.1");
}

TEST(Connection, SaysThatItWasRefused) {
  const Address nobody = address_of(listener());
  const auto client = fresh_socket();
  const auto outcome = connect_within(client.get(), nobody, std::nullopt);
  EXPECT_EQ(outcome.connected, Connected::kRefused);
  EXPECT_EQ(outcome.error, ECONNREFUSED);
}

TEST(Connection, SaysWhatConnectItselfFailedWith) {
  const auto client = fresh_socket();
  const Address broadcast = resolve({.host = "255.255.255.255", .port = 9})->front();
  EXPECT_EQ(connect_within(client.get(), broadcast, std::nullopt).error, ENETUNREACH);
}

TEST(Connection, GivesUpInTime) {
  const auto server = listener();
  // Beyond the backlog the kernel drops each SYN.
  std::vector<UniqueFd> crowd;
  for (int i = 0; i < 4; ++i) {
    crowd.push_back(fresh_socket());
    connect_within(crowd.back().get(), address_of(server), std::chrono::seconds{0});
  }
  const auto client = fresh_socket();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(connect_within(client.get(), address_of(server), std::chrono::seconds{1}).connected, Connected::kTimedOut);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds{1});
}

TEST(Connection, SetsTheBufferSizes) {
  const auto socket = fresh_socket();
  const int send_before = buffer_of(socket, SO_SNDBUF);
  ASSERT_TRUE(set_buffer_sizes(socket.get(), {.receive_bytes = 10'000}));
  // The kernel doubles them, for its own bookkeeping (socket(7)).
  EXPECT_EQ(buffer_of(socket, SO_RCVBUF), 20'000);
  EXPECT_EQ(buffer_of(socket, SO_SNDBUF), send_before);
  ASSERT_TRUE(set_buffer_sizes(socket.get(), {.send_bytes = 30'000}));
  EXPECT_EQ(buffer_of(socket, SO_RCVBUF), 20'000);
  EXPECT_EQ(buffer_of(socket, SO_SNDBUF), 60'000);
}

TEST(Connection, NamesWhyItCannotBind) {
  const auto socket = fresh_socket();
  const auto bound = bind_source(socket.get(), resolve({.host = "192.0.2.1"})->front());
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().message, "bind failed: Cannot assign requested address");
}

}  // namespace
}  // namespace sockscope::netcat
