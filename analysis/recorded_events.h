#pragma once

#include "parsers/tracepoint/catalog.h"

namespace sockscope {

/// What a recording can tell at all: an event that nobody asked for is not one that is missing.
struct RecordedEvents {
  bool messages = true;         ///< All that it takes to follow one: system calls, and packets at each station.
  bool transmits = true;        ///< net:net_dev_xmit
  bool switches = true;         ///< sched:sched_switch
  bool udp_drops = true;        ///< udp:udp_fail_queue_rcv_skb
  bool wakings = true;          ///< sched:sched_waking
  bool softirqs = true;         ///< irq:softirq_entry
  bool tcp_retransmits = true;  ///< tcp:tcp_retransmit_skb

  static RecordedEvents of(const tracepoint::Catalog& catalog);

  RecordedEvents& operator&=(const RecordedEvents& other);
};

}  // namespace sockscope
