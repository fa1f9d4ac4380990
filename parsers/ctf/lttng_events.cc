#include "parsers/ctf/lttng_events.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sockscope::ctf {
namespace {

struct Renamed {
  std::string_view ctf;
  std::string_view system;
  std::string_view name;
};

/// Those whose name does not follow from a rule below.
constexpr std::array kEvents = std::to_array<Renamed>({
    {"skb_kfree", "skb", "kfree_skb"},
    {"kfree_skb", "skb", "kfree_skb"},
    {"skb_consume", "skb", "consume_skb"},
    {"consume_skb", "skb", "consume_skb"},
    {"sk_data_ready", "sock", "sk_data_ready"},
    {"sock_sk_data_ready", "sock", "sk_data_ready"},
    {"inet_sock_set_state", "sock", "inet_sock_set_state"},
    {"sock_inet_sock_set_state", "sock", "inet_sock_set_state"},
    {"exit_syscall", "raw_syscalls", "sys_exit"},
});

/// What a name begins with, and what the kernel's begins with instead.
struct Rule {
  std::string_view ctf;
  std::string_view system;
  std::string_view name;
};

/// The first that fits decides.
constexpr std::array kRules = std::to_array<Rule>({
    {"syscall_entry_", "syscalls", "sys_enter_"},
    {"syscall_exit_", "syscalls", "sys_exit_"},
    {"compat_syscall_entry_", "syscalls", "sys_enter_"},
    {"compat_syscall_exit_", "syscalls", "sys_exit_"},
    {"compat_sys_", "syscalls", "sys_enter_"},
    {"sys_", "syscalls", "sys_enter_"},
    {"sched_", "sched", "sched_"},
    {"irq_softirq_", "irq", "softirq_"},
    {"softirq_", "irq", "softirq_"},
    {"irq_", "irq", "irq_"},
    {"net_if_", "net", "netif_"},
    {"netif_", "net", "netif_"},
    {"net_napi_", "net", "napi_"},
    {"net_", "net", "net_"},
    {"napi_", "napi", "napi_"},
    {"skb_", "skb", "skb_"},
    {"sock_", "sock", "sock_"},
    {"tcp_", "tcp", "tcp_"},
    {"udp_", "udp", "udp_"},
    {"qdisc_", "qdisc", "qdisc_"},
});

constexpr std::array kSchedFields = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"tid", "pid"},
    {"prev_tid", "prev_pid"},
    {"next_tid", "next_pid"},
    {"parent_tid", "parent_pid"},
    {"child_tid", "child_pid"},
});

constexpr std::array<std::string_view, 3> kSwitch{"prev_pid", "next_pid", "prev_state"};
constexpr std::array<std::string_view, 1> kPid{"pid"};
constexpr std::array<std::string_view, 2> kQueue{"skbaddr", "len"};
constexpr std::array<std::string_view, 1> kPacket{"skbaddr"};
constexpr std::array<std::string_view, 1> kVec{"vec"};
constexpr std::array<std::string_view, 1> kRet{"ret"};
constexpr std::array<std::string_view, 1> kFd{"fd"};
constexpr std::array<std::string_view, 1> kCall{"id"};
constexpr std::array<std::string_view, 1> kSkaddr{"skaddr"};
constexpr std::array<std::string_view, 2> kSock{"sk", "protocol"};

struct Needs {
  std::string_view system;
  std::string_view name;
  std::span<const std::string_view> numbers;
  std::string_view text;
};

// As EventDecoder (analysis/event_decoder.cc) cannot do without.
constexpr std::array kNeeds = std::to_array<Needs>({
    {"sched", "sched_switch", kSwitch, "prev_comm"},
    {"sched", "sched_waking", kPid, {}},
    {"sched", "sched_migrate_task", kPid, {}},
    {"net", "net_dev_queue", kQueue, "name"},
    {"net", "net_dev_xmit", {}, "name"},
    {"net", "netif_rx", kPacket, "name"},
    {"net", "netif_receive_skb", kPacket, "name"},
    {"irq", "softirq_entry", kVec, {}},
    {"irq", "softirq_exit", kVec, {}},
    {"raw_syscalls", "sys_enter", kCall, {}},
    {"raw_syscalls", "sys_exit", kRet, {}},
    {"syscalls", "sys_enter_read", kFd, {}},
    {"syscalls", "sys_enter_write", kFd, {}},
    {"syscalls", "sys_enter_readv", kFd, {}},
    {"syscalls", "sys_enter_writev", kFd, {}},
    {"syscalls", "sys_enter_sendto", kFd, {}},
    {"syscalls", "sys_enter_recvfrom", kFd, {}},
    {"syscalls", "sys_enter_sendmsg", kFd, {}},
    {"syscalls", "sys_enter_recvmsg", kFd, {}},
    {"sock", "sk_data_ready", kSkaddr, {}},
    {"sock", "sock_send_length", kSock, {}},
    {"sock", "sock_recv_length", kSock, {}},
});

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/// As a format may have it.
std::string proper(std::string_view name) {
  constexpr std::size_t longest = 200;
  std::string text(name.substr(0, longest));
  std::ranges::replace_if(text, [](char c) { return !is_name_char(c); }, '_');
  return text.empty() ? "unnamed" : text;
}

}  // namespace

KernelEvent kernel_event(std::string_view ctf_name, bool has_numbered_call) {
  if (has_numbered_call && ctf_name.starts_with("syscall_entry_")) return {"raw_syscalls", "sys_enter"};
  if (has_numbered_call && ctf_name.starts_with("syscall_exit_")) return {"raw_syscalls", "sys_exit"};
  if (const std::size_t colon = ctf_name.find(':'); colon != std::string_view::npos) {
    return {proper(ctf_name.substr(0, colon)), proper(ctf_name.substr(colon + 1))};
  }
  const auto* const renamed = std::ranges::find(kEvents, ctf_name, &Renamed::ctf);
  if (renamed != kEvents.end()) return {std::string(renamed->system), std::string(renamed->name)};
  const auto* const rule =
      std::ranges::find_if(kRules, [ctf_name](const Rule& one) { return ctf_name.starts_with(one.ctf); });
  if (rule == kRules.end()) return {"lttng", proper(ctf_name)};
  return {std::string(rule->system), proper(std::string(rule->name).append(ctf_name.substr(rule->ctf.size())))};
}

std::string_view kernel_field(std::string_view system, std::string_view ctf_field) {
  if (system != "sched") return ctf_field;
  const auto* const renamed =
      std::ranges::find(kSchedFields, ctf_field, &std::pair<std::string_view, std::string_view>::first);
  return renamed == kSchedFields.end() ? ctf_field : renamed->second;
}

NeededFields needed_fields(const KernelEvent& event) {
  const auto* const found = std::ranges::find_if(
      kNeeds, [&event](const Needs& one) { return one.system == event.system && one.name == event.name; });
  return found == kNeeds.end() ? NeededFields{} : NeededFields{.numbers = found->numbers, .text = found->text};
}

}  // namespace sockscope::ctf
