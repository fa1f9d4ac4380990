#include "analysis/recorded_events.h"

#include <algorithm>

namespace sockscope {

RecordedEvents RecordedEvents::of(const tracepoint::Catalog& catalog) {
  const auto has = [&catalog](std::string_view system, std::string_view name) {
    return catalog.find(system, name) != nullptr;
  };
  const bool has_calls = (has("raw_syscalls", "sys_enter") && has("raw_syscalls", "sys_exit")) ||
                         std::ranges::any_of(catalog.formats(), [](const tracepoint::Format& format) {
                           return format.system == "syscalls";
                         });
  return {
      .messages = has_calls && has("net", "net_dev_queue") && has("net", "netif_rx") && has("net", "netif_receive_skb"),
      .transmits = has("net", "net_dev_xmit"),
      .switches = has("sched", "sched_switch"),
      .udp_drops = has("udp", "udp_fail_queue_rcv_skb"),
      .wakings = has("sched", "sched_waking"),
      .softirqs = has("irq", "softirq_entry"),
      .tcp_retransmits = has("tcp", "tcp_retransmit_skb")};
}

RecordedEvents& RecordedEvents::operator&=(const RecordedEvents& other) {
  messages = messages && other.messages;
  transmits = transmits && other.transmits;
  switches = switches && other.switches;
  udp_drops = udp_drops && other.udp_drops;
  wakings = wakings && other.wakings;
  softirqs = softirqs && other.softirqs;
  tcp_retransmits = tcp_retransmits && other.tcp_retransmits;
  return *this;
}

}  // namespace sockscope
