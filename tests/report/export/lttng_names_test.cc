#include "report/export/lttng_names.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

TEST(LttngEventName, IsTheKernelsWhereThatSaysTheSystem) {
  EXPECT_EQ(lttng_event_name("sched", "sched_switch"), "sched_switch");
  EXPECT_EQ(lttng_event_name("net", "net_dev_queue"), "net_dev_queue");
  EXPECT_EQ(lttng_event_name("irq", "irq_handler_entry"), "irq_handler_entry");
}

TEST(LttngEventName, BeginsWithTheSystemElse) {
  EXPECT_EQ(lttng_event_name("irq", "softirq_entry"), "irq_softirq_entry");
  EXPECT_EQ(lttng_event_name("timer", "hrtimer_start"), "timer_hrtimer_start");
  EXPECT_EQ(lttng_event_name("net", "network"), "net_network");
}

TEST(LttngEventName, IsLttngsOwnForSome) {
  EXPECT_EQ(lttng_event_name("net", "netif_receive_skb"), "net_if_receive_skb");
  EXPECT_EQ(lttng_event_name("skb", "kfree_skb"), "skb_kfree");
}

TEST(LttngEventName, OfASystemCallIsItsEntryOrExit) {
  EXPECT_EQ(lttng_event_name("syscalls", "sys_enter_sendto"), "syscall_entry_sendto");
  EXPECT_EQ(lttng_event_name("syscalls", "sys_exit_sendto"), "syscall_exit_sendto");
}

TEST(LttngSyscallName, DependsOnTheMachine) {
  EXPECT_EQ(lttng_syscall_name(true, "x86_64", 44), "syscall_entry_sendto");
  EXPECT_EQ(lttng_syscall_name(false, "aarch64", 206), "syscall_exit_sendto");
}

TEST(LttngSyscallName, IsUnknownWhereItIs) {
  EXPECT_EQ(lttng_syscall_name(true, "pdp11", 4), "syscall_entry_unknown");
  EXPECT_EQ(lttng_syscall_name(true, "x86_64", 9'999), "syscall_entry_unknown");
  EXPECT_EQ(lttng_syscall_name(true, "x86_64", -1), "syscall_entry_unknown");
  EXPECT_EQ(lttng_syscall_name(true, "x86_64", 0x1'0000'002c), "syscall_entry_unknown");
}

TEST(LttngFieldName, CallsAThreadATid) {
  EXPECT_EQ(lttng_field_name("sched", "prev_pid"), "prev_tid");
  EXPECT_EQ(lttng_field_name("sched", "prev_comm"), "prev_comm");
  EXPECT_EQ(lttng_field_name("net", "pid"), "pid");
}

}  // namespace
}  // namespace sockscope
