#include "workloads/netcat/listener.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

namespace sockscope::netcat {
namespace {

Address loopback(Protocol protocol) { return resolve({.host = "127.0.0.1", .protocol = protocol})->front(); }

UniqueFd sender_to(const Address& address) {
  auto socket = std::move(*open_socket(AF_INET, Protocol::kUdp, Blocking::kNo));
  EXPECT_EQ(connect_within(socket.get(), address, std::nullopt).connected, Connected::kYes);
  return socket;
}

std::string read_text(int fd) {
  std::array<char, 100> bytes{};
  const ssize_t got = recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);  // Loopback has delivered it.
  return got < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(got));
}

TEST(Listener, TakesTheFirstAddressThatCanBeHad) {
  const std::vector where{resolve({.host = "192.0.2.1"})->front(), loopback(Protocol::kTcp)};
  const auto socket = listen_at(where, Protocol::kTcp, {});
  ASSERT_TRUE(socket);
  EXPECT_EQ(number_of(*local_address(socket->get())), "127.0.0.1");
}

TEST(Listener, NamesTheAddressThatCannotBeHad) {
  const std::vector where{resolve({.host = "192.0.2.1", .port = 9000})->front()};
  const auto socket = listen_at(where, Protocol::kTcp, {});
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().message, "cannot listen on 192.0.2.1 9000: Cannot assign requested address");
}

TEST(Listener, HearsTheFirstSenderOnlyOnceItIsLocked) {
  const std::vector where{loopback(Protocol::kUdp)};
  const auto socket = listen_at(where, Protocol::kUdp, {});
  ASSERT_TRUE(socket);
  const auto first = sender_to(*local_address(socket->get()));
  const auto second = sender_to(*local_address(socket->get()));
  ASSERT_EQ(write(first.get(), "one", 3), 3);
  const auto sender = lock_to_first_sender(socket->get());
  ASSERT_TRUE(sender);
  EXPECT_EQ(sender->port(), local_address(first.get())->port());
  EXPECT_EQ(write(second.get(), "no", 2), 2);  // Refused later on.
  ASSERT_EQ(write(first.get(), "two", 3), 3);
  EXPECT_EQ(read_text(socket->get()), "one");  // It was left in the queue.
  EXPECT_EQ(read_text(socket->get()), "two");
  ASSERT_EQ(write(socket->get(), "answer", 6), 6);
  EXPECT_EQ(read_text(first.get()), "answer");
}

}  // namespace
}  // namespace sockscope::netcat
