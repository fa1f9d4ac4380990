#include "harness/event_set.h"

#include <fmt/ranges.h>

#include <array>
#include <system_error>

namespace sockscope {
namespace {

constexpr bool kRequired = true;
constexpr bool kOptional = false;

// Of net: what fires on loopback. The others (GRO, lists, time-outs) belong to drivers that lo does not have.
constexpr std::array kPathEvents = std::to_array<EventChoice>({
    {"raw_syscalls:sys_enter", Scope::kContext, kRequired},
    {"raw_syscalls:sys_exit", Scope::kContext, kRequired},
    {"sock:sock_send_length", Scope::kContext, kOptional},
    {"sock:sock_recv_length", Scope::kContext, kOptional},
    {"net:net_dev_queue", Scope::kContext, kRequired},
    {"net:net_dev_start_xmit", Scope::kContext, kOptional},
    {"net:netif_rx_entry", Scope::kContext, kOptional},
    {"net:netif_rx", Scope::kContext, kRequired},
    {"irq:softirq_raise", Scope::kContext, kOptional},
    {"net:netif_rx_exit", Scope::kContext, kOptional},
    {"net:net_dev_xmit", Scope::kContext, kRequired},
    {"net:netif_receive_skb", Scope::kContext, kRequired},
    {"irq:softirq_entry", Scope::kContext, kRequired},
    {"irq:softirq_exit", Scope::kContext, kRequired},
    {"tcp:tcp_probe", Scope::kContext, kOptional},
    {"tcp:tcp_retransmit_skb", Scope::kContext, kOptional},
    {"udp:udp_fail_queue_rcv_skb", Scope::kContext, kOptional},
    {"sock:sk_data_ready", Scope::kContext, kOptional},
    {"skb:skb_copy_datagram_iovec", Scope::kContext, kOptional},
    {"skb:consume_skb", Scope::kContext, kOptional},
    {"skb:kfree_skb", Scope::kContext, kOptional},
    {"sched:sched_waking", Scope::kTarget, kRequired},
    {"sched:sched_wakeup", Scope::kTarget, kRequired},
    {"sched:sched_wakeup_new", Scope::kTarget, kOptional},
    {"sched:sched_migrate_task", Scope::kTarget, kOptional},
    {"sched:sched_switch", Scope::kSwitch, kRequired},
});

bool exists(const std::filesystem::path& tracefs, std::string_view event) {
  const auto colon = event.find(':');
  std::error_code ignored;
  return std::filesystem::exists(tracefs / "events" / event.substr(0, colon) / event.substr(colon + 1) / "format",
                                 ignored);
}

}  // namespace

std::span<const EventChoice> path_events() { return kPathEvents; }

Result<EventSet> EventSet::available(const std::filesystem::path& tracefs) {
  std::error_code error;
  const std::filesystem::directory_iterator events(tracefs / "events", error);
  if (error) {
    return fail(ErrorKind::kEnvironment, "cannot read {}: {}", (tracefs / "events").string(), error.message());
  }
  EventSet set;
  std::vector<std::string_view> lacking;
  for (const EventChoice& choice : kPathEvents) {
    if (exists(tracefs, choice.name)) {
      set.events.push_back(choice);
    } else {
      (choice.required ? lacking : set.missing).push_back(choice.name);
    }
  }
  if (lacking.empty()) return set;
  return fail(ErrorKind::kEnvironment,
              "this kernel has no tracepoint {}: a kernel with CONFIG_FTRACE_SYSCALLS and CONFIG_NET tracepoints is "
              "needed",
              fmt::join(lacking, ", "));
}

Result<EventSet> EventSet::of_sessions(const std::filesystem::path& tracefs) const {
  constexpr EventChoice states{"sock:inet_sock_set_state", Scope::kAnywhere, kRequired};
  if (!exists(tracefs, states.name)) {
    return fail(ErrorKind::kEnvironment, "this kernel has no tracepoint {}: Linux 4.16 or later is needed",
                states.name);
  }
  EventSet set = *this;
  for (EventChoice& event : set.events) {
    if (event.scope == Scope::kContext && !event.name.starts_with("raw_syscalls:")) event.scope = Scope::kAnywhere;
  }
  set.events.push_back(states);
  return set;
}

std::string filter_for(Scope scope, std::span<const pid_t> tids) {
  const auto any_of = [tids](std::string_view field) {
    std::vector<std::string> terms;
    terms.reserve(tids.size());
    for (const pid_t tid : tids) terms.push_back(fmt::format("{}=={}", field, tid));
    return fmt::format("{}", fmt::join(terms, "||"));
  };
  switch (scope) {
    case Scope::kSwitch:
      return any_of("prev_pid") + "||" + any_of("next_pid");
    case Scope::kTarget:
      return any_of("pid");
    case Scope::kAnywhere:
      return "";
    case Scope::kContext:
      break;
  }
  return any_of("common_pid") + "||COMM~\"ksoftirqd/*\"";
}

}  // namespace sockscope
