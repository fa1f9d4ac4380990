#include "analysis/recorded_events.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/analysis/event_catalog.h"

namespace sockscope {
namespace {

RecordedEvents recorded(const std::vector<std::string>& names) { return RecordedEvents::of(catalog_of(names)); }

std::vector<std::string> without(std::vector<std::string> names, const std::string& name) {
  std::erase(names, name);
  return names;
}

const std::vector<std::string> kMessages{"raw_syscalls:sys_enter", "raw_syscalls:sys_exit", "net:net_dev_queue",
                                         "net:netif_rx", "net:netif_receive_skb"};

TEST(RecordedEvents, FollowMessagesWithCallsAndEveryStation) {
  EXPECT_TRUE(recorded(kMessages).messages);
  for (const std::string& name : kMessages) EXPECT_FALSE(recorded(without(kMessages, name)).messages) << name;
}

TEST(RecordedEvents, TakeCallsOneByOneAsWell) {
  EXPECT_TRUE(
      recorded({"syscalls:sys_enter_sendto", "net:net_dev_queue", "net:netif_rx", "net:netif_receive_skb"}).messages);
}

TEST(RecordedEvents, KnowTheOthersByTheirNames) {
  const RecordedEvents none = recorded(kMessages);
  EXPECT_FALSE(none.transmits);
  EXPECT_FALSE(none.switches);
  EXPECT_FALSE(none.udp_drops);
  EXPECT_TRUE(recorded({"net:net_dev_xmit"}).transmits);
  EXPECT_TRUE(recorded({"sched:sched_switch"}).switches);
  EXPECT_TRUE(recorded({"udp:udp_fail_queue_rcv_skb"}).udp_drops);
}

TEST(RecordedEvents, OfTwoRecordingsAreWhatBothHave) {
  RecordedEvents both;
  both &= RecordedEvents{.transmits = false};
  both &= RecordedEvents{.udp_drops = false};
  EXPECT_TRUE(both.messages);
  EXPECT_FALSE(both.transmits);
  EXPECT_TRUE(both.switches);
  EXPECT_FALSE(both.udp_drops);
  both &= RecordedEvents{.messages = false, .switches = false};
  EXPECT_FALSE(both.messages);
  EXPECT_FALSE(both.switches);
}

}  // namespace
}  // namespace sockscope
