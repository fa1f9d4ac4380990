// What the client does when answers are late, lost, in pieces or not from this world. The server is a script, and so is
// the receive timer: the script interrupts the client exactly when the test wants it to.

#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "tests/workloads/connected_ends.h"
#include "workloads/echo.h"
#include "workloads/receive_timer.h"

namespace sockscope {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::byte>;

constexpr std::uint32_t kSize = 8;
constexpr std::byte kOfTheWarmUp{0x80};
/// What a scripted server can do.
class Script {
 public:
  Script(int socket, pthread_t client) : socket_(socket), client_(client) {}

  /// The next request; empty at the client's end.
  [[nodiscard]] Bytes request() const {
    Bytes message(kSize);
    const ssize_t got = recv(socket_, message.data(), message.size(), MSG_WAITALL);
    message.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return message;
  }

  void answer(std::span<const std::byte> message) const {
    EXPECT_EQ(send(socket_, message.data(), message.size(), MSG_NOSIGNAL), std::ssize(message));
  }

  void echo_one() const { answer(request()); }

  void echo_to_the_end() const {
    for (Bytes message = request(); !message.empty(); message = request()) answer(message);
  }

  /// Interrupts the client until it gives its request up and sends the next one, or hangs up. A signal that comes too
  /// late meets the next receive, which one signal does not end.
  void let_it_give_up() const {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    while (poll(&waiting, 1, 1) == 0) pthread_kill(client_, SIGALRM);
  }

  void hang_up() const { shutdown(socket_, SHUT_RDWR); }

 private:
  int socket_;
  pthread_t client_;
};

/// Plays the script against a client and tells what the client makes of it.
template <class T>
Result<T> play(Protocol protocol, std::uint64_t count, const std::function<void(const Script&)>& script,
               Result<T> (EchoClient::*part)()) {
  const auto timer = ReceiveTimer::start(std::chrono::hours{1});  // For its handler; the script is the timer.
  if (!timer) return fail(ErrorKind::kEnvironment, "{}", timer.error().message);
  const ConnectedEnds ends(protocol);
  const std::jthread server([&, client_thread = pthread_self()] { script({ends.server.get(), client_thread}); });
  EchoClient client(ends.client.get(),
                    ShortRun{.protocol = protocol, .size = kSize, .count = count, .warm_up = 2}.spec());
  auto result = (client.*part)();
  if (!result || std::is_void_v<T>) shutdown(ends.server.get(), SHUT_RDWR);
  return result;
}

Result<EndResult> measure(Protocol protocol, std::uint64_t count, const std::function<void(const Script&)>& script) {
  return play(protocol, count, script, &EchoClient::measure);
}

Result<> warm_up(Protocol protocol, const std::function<void(const Script&)>& script) {
  return play(protocol, 0, script, &EchoClient::warm_up);
}

TEST(EchoLoss, TheControlLosesNothing) {
  const auto result = measure(Protocol::kUdp, 3, &Script::echo_to_the_end);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 3U);
  EXPECT_EQ(result->lost, 0U);
}

TEST(EchoLoss, IsCountedAndTheNextRequestIsSent) {
  const auto result = measure(Protocol::kUdp, 3, [](const Script& server) {
    server.echo_one();
    (void)server.request();
    server.let_it_give_up();
    server.echo_to_the_end();
  });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 2U);
  EXPECT_EQ(result->lost, 1U);
  EXPECT_EQ(result->rtt.count(), 2U);
}

TEST(EchoLoss, OfEveryRequestStillEndsTheRun) {
  const auto result = measure(Protocol::kUdp, 4, [](const Script& server) {
    while (!server.request().empty()) server.let_it_give_up();
  });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 0U);
  EXPECT_EQ(result->lost, 4U);
}

TEST(EchoLoss, DoesNotComeFromOneInterruptionAlone) {
  const auto result = measure(Protocol::kUdp, 2, [client = pthread_self()](const Script& server) {
    const Bytes first = server.request();
    std::this_thread::sleep_for(milliseconds{2});  // Let it block in its receive.
    pthread_kill(client, SIGALRM);
    std::this_thread::sleep_for(milliseconds{2});
    server.answer(first);
    server.echo_to_the_end();
  });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 2U);
  EXPECT_EQ(result->lost, 0U);
}

// The answer to the second request comes after it was given up; the third request gets none of its own.
void answer_the_second_late(const Script& server) {
  server.echo_one();
  const Bytes second = server.request();
  server.let_it_give_up();
  (void)server.request();
  server.answer(second);
  server.let_it_give_up();
  server.echo_to_the_end();
}

class LateAnswer : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, LateAnswer, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(LateAnswer, IsNotTakenForTheAnswerToTheNextRequest) {
  const auto result = measure(GetParam(), 4, answer_the_second_late);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 2U) << "the first and the fourth";
  EXPECT_EQ(result->lost, 2U);
}

TEST_P(LateAnswer, OfTheWarmUpIsNotTakenForAMeasuredOne) {
  const auto result = measure(GetParam(), 1, [](const Script& server) {
    server.answer(Bytes(kSize, kOfTheWarmUp));
    (void)server.request();
    server.let_it_give_up();
  });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 0U);
  EXPECT_EQ(result->lost, 1U);
}

TEST(EchoLoss, InTheWarmUpIsNoError) {
  int requests = 0;
  const auto warm = warm_up(Protocol::kUdp, [&](const Script& server) {
    (void)server.request();
    server.let_it_give_up();
    for (Bytes message = server.request(); !message.empty(); message = server.request()) {
      ++requests;
      if (is_answered(message[0], Protocol::kUdp)) server.answer(message);
    }
  });
  EXPECT_TRUE(warm) << warm.error().message;
  EXPECT_EQ(requests, 2) << "the second of the warm-up and what ends it";
}

TEST(EchoLoss, OfEveryAnswerInTheWarmUpIsNoErrorEither) {
  std::string marks;
  const auto warm = warm_up(Protocol::kUdp, [&](const Script& server) {
    for (Bytes message = server.request(); !message.empty(); message = server.request()) {
      marks += message[0] == kOfTheWarmUp ? 'w' : message[0] == kEndOfWarmUp ? 'e' : '?';
      if (marks != "wwe") server.let_it_give_up();
    }
  });
  EXPECT_TRUE(warm) << warm.error().message;
  EXPECT_EQ(marks, "wwe");
}

// What tells the server that the client is there, and that the warm-up is over, comes until it is heard, and so may
// come late: it is no request.
TEST(EchoServer, NeitherAnswersNorCountsWhatIsNoRequest) {
  const ConnectedEnds ends(Protocol::kUdp);
  const auto spec = ShortRun{.protocol = Protocol::kUdp, .size = kSize}.spec();
  EchoClient client(ends.client.get(), spec);
  ASSERT_TRUE(client.tell_over(Phase::kMeeting));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.tell_over(Phase::kWarmUp));
  const Bytes request(kSize, std::byte{5});
  ASSERT_EQ(send(ends.client.get(), request.data(), request.size(), 0), kSize);
  ASSERT_TRUE(client.tell_over(Phase::kMeasured));
  EchoServer server(ends.server.get(), spec);
  ASSERT_TRUE(server.warm_up());
  const auto result = server.measure();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 1U);
  Bytes answer(kSize);
  ASSERT_EQ(recv(ends.client.get(), answer.data(), answer.size(), MSG_DONTWAIT), kSize);
  EXPECT_EQ(answer, request);
  EXPECT_EQ(recv(ends.client.get(), answer.data(), answer.size(), MSG_DONTWAIT), -1) << "and nothing else";
}

TEST(EchoLoss, IsNotSeenInAnAnswerThatComesInPieces) {
  const auto result = measure(Protocol::kTcp, 3, [](const Script& server) {
    server.echo_one();
    const Bytes second = server.request();
    server.answer(std::span(second).first(3));
    std::this_thread::sleep_for(milliseconds{1});
    server.answer(std::span(second).subspan(3));
    server.echo_to_the_end();
  });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 3U);
  EXPECT_EQ(result->lost, 0U);
}

// Of a stream, the other half still comes: it must not be read as the beginning of the next answer.
TEST(EchoLoss, OfHalfAnAnswerLeavesTheNextOnesWhole) {
  const auto result = measure(Protocol::kTcp, 5, [](const Script& server) {
    server.echo_one();
    const Bytes second = server.request();
    server.answer(std::span(second).first(3));
    server.let_it_give_up();
    server.answer(std::span(second).subspan(3));
    server.echo_to_the_end();
  });
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 4U);
  EXPECT_EQ(result->lost, 1U);
}

TEST(EchoLoss, OfTheServerIsAnError) {
  const auto result = measure(Protocol::kTcp, 3, [](const Script& server) {
    server.echo_one();
    (void)server.request();
    server.hang_up();
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(result.error().message, "the server closed the connection");
}

// The same with the timer that a run has: a lost answer costs one to two intervals, not a hang.
TEST(EchoLoss, IsNoticedByTheReceiveTimer) {
  constexpr milliseconds interval{40};
  const ConnectedEnds ends(Protocol::kUdp);
  const std::jthread server([&] {
    const Script script(ends.server.get(), pthread_self());
    (void)script.request();
    script.echo_to_the_end();
  });
  const auto timer = ReceiveTimer::start(interval);
  ASSERT_TRUE(timer) << timer.error().message;
  EchoClient client(ends.client.get(), ShortRun{.protocol = Protocol::kUdp, .size = kSize, .count = 2}.spec());
  const auto result = client.measure();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->lost + result->round_trips, 2U);
  EXPECT_GE(result->lost, 1U) << "more only if the server did not get a CPU for 40 ms";
  EXPECT_GE(result->end_ns - result->start_ns, 40'000'000U);
}

}  // namespace
}  // namespace sockscope
