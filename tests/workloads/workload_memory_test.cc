#include <gtest/gtest.h>

#include <cstddef>

#include "tests/support/counting_new.h"
#include "tests/workloads/both_ends.h"
#include "workloads/echo.h"
#include "workloads/message.h"
#include "workloads/rate.h"
#include "workloads/stream.h"
#include "workloads/telnet.h"

// An hour-long run takes the memory of a short one: to the byte as much is allocated for five times as many messages,
// whatever is freed.
namespace sockscope {
namespace {

WorkloadSpec spec_of(Protocol protocol, std::uint64_t count, std::uint32_t size = 64) {
  WorkloadSpec spec = ShortRun{.protocol = protocol, .count = count}.spec();
  spec.rate = 100'000;
  spec.size = size;
  return spec;
}

/// The bytes that both ends allocate in a run.
template <class Client, class Server>
std::size_t bytes_of(const WorkloadSpec& spec) {
  return test_support::bytes_allocated_by([&spec] {
    const auto [client, server] = run_both_ends<Client, Server>(spec);
    EXPECT_TRUE(client && server);
  });
}

template <class Client, class Server>
void expect_no_growth(Protocol protocol, std::uint64_t count, std::uint32_t size = 64) {
  // What the first run of a process sets up for good is no part of it.
  (void)bytes_of<Client, Server>(spec_of(protocol, count, size));
  EXPECT_EQ((bytes_of<Client, Server>(spec_of(protocol, 5 * count, size))),
            (bytes_of<Client, Server>(spec_of(protocol, count, size))));
}

class WorkloadMemory : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, WorkloadMemory, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(WorkloadMemory, OfEchoDoesNotGrow) { expect_no_growth<EchoClient, EchoServer>(GetParam(), 1'000); }
TEST_P(WorkloadMemory, OfMessageDoesNotGrow) { expect_no_growth<MessageClient, MessageServer>(GetParam(), 1'000); }
TEST_P(WorkloadMemory, OfRateDoesNotGrow) { expect_no_growth<RateClient, EchoServer>(GetParam(), 1'000); }
TEST_P(WorkloadMemory, OfStreamDoesNotGrow) { expect_no_growth<StreamClient, StreamServer>(GetParam(), 1'000); }
// Longer lines are put together in strings that allocate, and are freed with them.
TEST_P(WorkloadMemory, OfTelnetDoesNotGrow) { expect_no_growth<TelnetClient, TelnetServer>(GetParam(), 20, 8); }

// The control: raw samples are kept, 8 bytes each.
TEST_P(WorkloadMemory, GrowsByTheRawSamplesThatAreAskedFor) {
  const auto bytes_with_raw = [](std::uint64_t count) {
    WorkloadSpec spec = spec_of(GetParam(), count);
    spec.raw_file = "kept by the harness";
    return bytes_of<EchoClient, EchoServer>(spec);
  };
  (void)bytes_with_raw(1'000);
  EXPECT_EQ(bytes_with_raw(5'000) - bytes_with_raw(1'000), 4'000U * sizeof(std::uint64_t));
}

}  // namespace
}  // namespace sockscope
