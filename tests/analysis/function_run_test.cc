#include "analysis/function_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Chain = std::vector<std::string_view>;

TEST(FunctionRun, CountsEachFunctionOncePerSample) {
  FunctionRun run(3, 4);
  run.add(Chain{"client", "[user]", "sendto", "tcp_sendmsg", "net:net_dev_queue"}, 3);
  run.add(Chain{"server", "recvfrom", "tcp_recvmsg", "sendto", "sock:sk_data_ready"}, 2);
  // Recursion, as through a bridge.
  run.add(Chain{"client", "sendto", "netif_rx", "softirq", "netif_rx", "net:netif_rx"}, 1);
  EXPECT_THAT(run.hits(), ElementsAre(Pair("netif_rx", 1), Pair("recvfrom", 2), Pair("sendto", 6), Pair("softirq", 1),
                                      Pair("tcp_recvmsg", 2), Pair("tcp_sendmsg", 3)));
  EXPECT_EQ(run.samples(), 6U);
  EXPECT_EQ(run.round(), 3U);
  EXPECT_EQ(run.per_message(6), 1.5);
}

TEST(FunctionRun, LeavesOutTheTracingAndBpfAndCountsThem) {
  FunctionRun run(1, 10);
  run.add(Chain{"client", "sendto", "__traceiter_netif_rx", "perf_trace_netif_rx", "net:netif_rx"}, 5);
  run.add(Chain{"client", "sendto", "bpf_prog_12_probe", "kfree", "kmem:kfree"}, 2);
  EXPECT_THAT(run.hits(), ElementsAre(Pair("kfree", 2), Pair("sendto", 7)));
  EXPECT_THAT(run.tracing_hits(), ElementsAre(Pair("__traceiter_netif_rx", 5), Pair("perf_trace_netif_rx", 5)));
  EXPECT_THAT(run.bpf_hits(), ElementsAre(Pair("bpf_prog_12_probe", 2)));
  EXPECT_THAT(run.stacks(), ElementsAre(Pair(ElementsAre("client", "sendto", "kfree", "kmem:kfree"), 2),
                                        Pair(ElementsAre("client", "sendto", "net:netif_rx"), 5)));
}

TEST(FunctionRun, TakesCopiesAndPartsOfAFunctionForIt) {
  FunctionRun run(1, 1);
  run.add(Chain{"client", "tcp_ack.constprop.0", "tcp_ack", "e:v"}, 1);
  run.add(Chain{"client", "tcp_ack.cold", "e:v"}, 1);
  EXPECT_THAT(run.hits(), ElementsAre(Pair("tcp_ack", 2)));
  EXPECT_THAT(run.stacks(), ElementsAre(Pair(ElementsAre("client", "tcp_ack", "e:v"), 1),
                                        Pair(ElementsAre("client", "tcp_ack", "tcp_ack", "e:v"), 1)));
}

TEST(FunctionRun, KnowsWhereAProgramBeganButCallsItNoFunction) {
  FunctionRun run(1, 1);
  run.add(Chain{"client", "[user]", "e:v"}, 4);
  EXPECT_THAT(run.hits(), IsEmpty());
  EXPECT_EQ(run.samples(), 4U);
  EXPECT_THAT(run.stacks(), ElementsAre(Pair(ElementsAre("client", "[user]", "e:v"), 4)));
}

TEST(FunctionRun, IgnoresWhatIsNoChain) {
  FunctionRun run(1, 0);
  run.add(Chain{}, 1);
  run.add(Chain{"client"}, 1);
  EXPECT_EQ(run.samples(), 0U);
  EXPECT_THAT(run.stacks(), IsEmpty());
  EXPECT_EQ(run.per_message(5), 0);
}

}  // namespace
}  // namespace sockscope
