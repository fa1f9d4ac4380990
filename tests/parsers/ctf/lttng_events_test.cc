#include "parsers/ctf/lttng_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace sockscope::ctf {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string full_name(std::string_view ctf_name, bool has_numbered_call = false) {
  const KernelEvent event = kernel_event(ctf_name, has_numbered_call);
  return event.system + ":" + event.name;
}

struct Named {
  std::string_view ctf;
  std::string_view kernel;
};

// lttng-modules' instrumentation/events/lttng-module/*.h of 2.4, 2.7 and 2.13; the kernel's own names in perf's CTF.
constexpr std::array kNames = std::to_array<Named>({
    {"sched_switch", "sched:sched_switch"},
    {"sched_waking", "sched:sched_waking"},
    {"sched_migrate_task", "sched:sched_migrate_task"},
    {"softirq_entry", "irq:softirq_entry"},
    {"irq_softirq_entry", "irq:softirq_entry"},
    {"irq_softirq_raise", "irq:softirq_raise"},
    {"irq_handler_entry", "irq:irq_handler_entry"},
    {"net_dev_queue", "net:net_dev_queue"},
    {"net_dev_xmit", "net:net_dev_xmit"},
    {"netif_rx", "net:netif_rx"},
    {"net_if_rx", "net:netif_rx"},
    {"netif_receive_skb", "net:netif_receive_skb"},
    {"net_if_receive_skb", "net:netif_receive_skb"},
    {"net_if_receive_skb_entry", "net:netif_receive_skb_entry"},
    {"net_napi_gro_receive_entry", "net:napi_gro_receive_entry"},
    {"napi_poll", "napi:napi_poll"},
    {"kfree_skb", "skb:kfree_skb"},
    {"skb_kfree", "skb:kfree_skb"},
    {"consume_skb", "skb:consume_skb"},
    {"skb_consume", "skb:consume_skb"},
    {"skb_copy_datagram_iovec", "skb:skb_copy_datagram_iovec"},
    {"udp_fail_queue_rcv_skb", "udp:udp_fail_queue_rcv_skb"},
    {"sock_rcvqueue_full", "sock:sock_rcvqueue_full"},
    {"sys_sendto", "syscalls:sys_enter_sendto"},
    {"compat_sys_recvfrom", "syscalls:sys_enter_recvfrom"},
    {"exit_syscall", "raw_syscalls:sys_exit"},
    {"syscall_entry_sendto", "syscalls:sys_enter_sendto"},
    {"syscall_exit_sendto", "syscalls:sys_exit_sendto"},
    {"compat_syscall_entry_read", "syscalls:sys_enter_read"},
    {"compat_syscall_exit_read", "syscalls:sys_exit_read"},
    {"net:net_dev_queue", "net:net_dev_queue"},
    {"tcp:tcp_probe", "tcp:tcp_probe"},
    {"tcp_probe", "tcp:tcp_probe"},
    {"sock_sk_data_ready", "sock:sk_data_ready"},
    {"sk_data_ready", "sock:sk_data_ready"},
    {"lttng_statedump_start", "lttng:lttng_statedump_start"},
    {"timer_start", "lttng:timer_start"},
    {"", "lttng:unnamed"},
    {"a:b\x1b[2J c", "a:b__2J_c"},
});

TEST(LttngEvents, AreTheKernelsOfEachGeneration) {
  for (const auto& [ctf, kernel] : kNames) EXPECT_EQ(full_name(ctf), kernel) << ctf;
}

TEST(LttngEvents, OfNumberedCallsAreRawSyscalls) {
  EXPECT_EQ(full_name("syscall_entry_sendto", true), "raw_syscalls:sys_enter");
  EXPECT_EQ(full_name("syscall_exit_unknown", true), "raw_syscalls:sys_exit");
  EXPECT_EQ(full_name("sched_switch", true), "sched:sched_switch");
}

TEST(LttngEvents, CallAThreadsIdAsTheKernelDoes) {
  EXPECT_EQ(kernel_field("sched", "prev_tid"), "prev_pid");
  EXPECT_EQ(kernel_field("sched", "tid"), "pid");
  EXPECT_EQ(kernel_field("sched", "prev_comm"), "prev_comm");
  EXPECT_EQ(kernel_field("net", "tid"), "tid");
}

TEST(LttngEvents, NeedWhatTheAnalysisNeeds) {
  const NeededFields of_switch = needed_fields({"sched", "sched_switch"});
  EXPECT_THAT(of_switch.numbers, ElementsAre("prev_pid", "next_pid", "prev_state"));
  EXPECT_EQ(of_switch.text, "prev_comm");
  EXPECT_THAT(needed_fields({"lttng", "sched_switch"}).numbers, IsEmpty());
}

}  // namespace
}  // namespace sockscope::ctf
