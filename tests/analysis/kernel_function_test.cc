#include "analysis/kernel_function.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

TEST(SourceName, IsWithoutWhatTheCompilerAdds) {
  EXPECT_EQ(source_name("tcp_ack"), "tcp_ack");
  EXPECT_EQ(source_name("tcp_ack.constprop.0"), "tcp_ack");
  EXPECT_EQ(source_name("__schedule.part.0.isra.0"), "__schedule");
  EXPECT_EQ(source_name("tcp_sendmsg_locked.cold"), "tcp_sendmsg_locked");
  EXPECT_EQ(source_name(".odd"), ".odd");
  EXPECT_EQ(source_name(""), "");
}

TEST(OriginOf, TellsTheTracingsOwnFromTheKernels) {
  for (const char* const function :
       {"perf_trace_net_dev_template", "__traceiter_netif_rx", "trace_event_raw_event_kfree", "bpf_trace_run2",
        "__bpf_trace_sched_switch", "perf_swevent_event", "ftrace_trampoline", "ring_buffer_unlock_commit",
        "syscall_trace_enter", "syscall_exit_work", "call_trace_sock_recv_length", "get_perf_callchain"}) {
    EXPECT_EQ(origin_of(function), FunctionOrigin::kTracing) << function;
  }
  for (const char* const function :
       {"tcp_ack", "do_syscall_64", "__sys_sendto", "syscall_exit_to_user_mode", "sk_filter_trim_cap", "track_pfn",
        "bpf_skops_established", "unmap_page_range", "[user]", "0xffffffff81000000", ""}) {
    EXPECT_EQ(origin_of(function), FunctionOrigin::kKernel) << function;
  }
}

TEST(OriginOf, KnowsBpfPrograms) {
  EXPECT_EQ(origin_of("bpf_prog_6deef7357e7b4530_sd_fw_egress"), FunctionOrigin::kBpfProgram);
  EXPECT_EQ(origin_of("bpf_prog"), FunctionOrigin::kKernel);
}

}  // namespace
}  // namespace sockscope
