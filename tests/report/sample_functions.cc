#include "tests/report/sample_functions.h"

#include <string_view>
#include <vector>

namespace sockscope::testing {
namespace {

using Chain = std::vector<std::string_view>;

FunctionRun tcp_run(unsigned round, std::uint64_t more) {
  FunctionRun run(round, 100);
  run.add(Chain{"client", "[user]", "do_syscall_64", "tcp_sendmsg", "tcp_write_xmit", "ip_output", "net:net_dev_queue"},
          200 + more);
  run.add(Chain{"client", "[user]", "do_syscall_64", "tcp_sendmsg", "kmem:kmem_cache_alloc"}, 100);
  run.add(Chain{"server", "[user]", "do_syscall_64", "tcp_recvmsg", "__tcp_send_ack", "ip_output", "net:net_dev_queue"},
          100);
  run.add(Chain{"server", "[user]", "do_syscall_64", "syscall_trace_enter", "raw_syscalls:sys_enter"}, 200);
  run.add(Chain{"client", "hrtimer_interrupt", "hrtimer_wakeup", "sched:sched_waking"}, 1);
  // In one round only.
  if (round == 1) run.add(Chain{"client", "[user]", "do_syscall_64", "skb_defer_free_flush", "kmem:kfree"}, 90);
  return run;
}

FunctionRun udp_run(unsigned round, std::uint64_t more) {
  FunctionRun run(round, 100);
  run.add(Chain{"client", "[user]", "do_syscall_64", "udp_sendmsg", "udp_send_skb", "ip_output", "net:net_dev_queue"},
          100 + more);
  run.add(Chain{"client", "[user]", "do_syscall_64", "udp_sendmsg", "ip_make_skb", "kmem:kmem_cache_alloc"}, 200);
  run.add(Chain{"server", "[user]", "do_syscall_64", "syscall_trace_enter", "raw_syscalls:sys_enter"}, 200);
  return run;
}

FunctionsReport report_of(const std::vector<FunctionRun>& a, const std::vector<FunctionRun>& b) {
  FunctionsReport report{.title = "message of 64 bytes, both ends on CPU 0, 3 rounds of 100 messages",
                         .environment = {{"kernel", "6.18.0"}},
                         .plan = {{"workload", "message"}, {"rounds", "3"}},
                         .sides = {},
                         .compared = compare_functions(a, b, {}),
                         .stacks = compare_stacks(a, b),
                         .tracers = {},
                         .unresolved = {}};
  report.sides[0] = {.variant = variant_of(Protocol::kTcp),
                     .rounds = 3,
                     .messages = 300,
                     .samples = 1'902,
                     .foreign_samples = 12,
                     .lost_events = 0};
  report.sides[1] = {.variant = variant_of(Protocol::kUdp), .rounds = 3, .messages = 300, .samples = 1'506};
  return report;
}

}  // namespace

FunctionsReport sample_functions() {
  const std::vector a{tcp_run(1, 0), tcp_run(2, 6), tcp_run(3, 3)};
  const std::vector b{udp_run(1, 0), udp_run(2, 4), udp_run(3, 2)};
  return report_of(a, b);
}

FunctionsReport flawed_functions() {
  constexpr std::string_view markup = "</script></pre></noscript><img src=x onerror=alert(1)><!--{{script}}";
  std::vector a{tcp_run(1, 0), tcp_run(2, 6), tcp_run(3, 3)};
  for (FunctionRun& run : a) {
    run.add(Chain{markup, "do_syscall_64", markup, "bpf_prog_12_probe", "kfree", "kmem:kfree"}, 100);
    run.add(Chain{"\x1b[2Jclient", "\x1b[2Jsteer", "e:v"}, 100);
  }
  const std::vector b{udp_run(1, 0), udp_run(2, 4), udp_run(3, 2)};
  FunctionsReport report = report_of(a, b);
  report.title = markup;
  report.environment.emplace_back(markup, markup);
  report.sides[0].variant = {.key = "a", .label = "A", .description = "tcp --nodelay off", .protocol = Protocol::kTcp};
  report.sides[1].variant = {.key = "b", .label = "B", .description = "udp", .protocol = Protocol::kUdp};
  report.sides[0].lost_events = 77;
  report.is_damaged = true;
  report.interrupted = true;
  report.tracers = {"bpftrace (pid 12)"};
  report.unresolved = "it is of kernel 6.1 and this is 6.18";
  return report;
}

}  // namespace sockscope::testing
