// What EventDecoder does not decode: because it cannot (which is counted), or because nobody asks for it.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "analysis/event_decoder.h"
#include "tests/analysis/decoding.h"

namespace sockscope {
namespace {

TEST(Undecodable, IsAPayloadThatEndsWithinAFieldThatIsNeeded) {
  const std::string net_xmit = field("__data_loc char[] name", 8, 4);
  const EventDecoder decoder =
      Formats()
          .add("net", "net_dev_queue", 10, kNetFields)
          .add("net", "net_dev_xmit", 13, net_xmit)
          .add("tcp", "tcp_probe", 14, field("const void * skbaddr", 8, 8) + field("__u16 data_len", 16, 2))
          .add("irq", "softirq_entry", 20, field("unsigned int vec", 8, 4))
          .add("raw_syscalls", "sys_enter", 30, field("long id", 8, 8, true) + field("unsigned long args[6]", 16, 48))
          .add("raw_syscalls", "sys_exit", 31, field("long id", 8, 8, true) + field("long ret", 16, 8, true))
          .add_text("sched", tracepoint::sched_switch_6_18())
          .decoder();
  // Cut by so much that the last byte of the last field that is read is missing.
  const std::vector<std::pair<ByteWriter, std::size_t>> payloads{
      {net_payload(10, 1, 1, "lo"), 1},
      {payload_of(13).u32(3U << 16U | 12U).c_string("lo"), 1},
      {payload_of(14).u64(1).u16(64), 1},
      {payload_of(20).u32(3), 1},
      {payload_of(30).u64(44).u64(4).u64(0).u64(64), 1},
      {payload_of(31).u64(44).u64(64), 1},
      {switch_payload(1), 5}};  // next_prio behind next_pid is not read.
  for (const auto& [payload, cut] : payloads) {
    EXPECT_EQ(Decoded(decoder, payload, cut - 1).outcome, Outcome::kDecoded) << payload.size();
    EXPECT_EQ(Decoded(decoder, payload, cut).outcome, Outcome::kUndecodable) << payload.size();
  }
}

TEST(Undecodable, IsAFormatThatLacksAFieldThatIsNeeded) {
  const EventDecoder decoder = Formats()
                                   .add("net", "netif_rx", 11, field("void * skbaddr", 8, 8))
                                   .add("tcp", "tcp_probe", 14, field("const void * skbaddr", 8, 8))
                                   .add("sock", "sk_data_ready", 15, field("__u16 family", 8, 2))
                                   .add("irq", "softirq_entry", 20, field("unsigned int action", 8, 4))
                                   .add("sched", "sched_waking", 21, field("char comm[16]", 8, 16))
                                   .add("raw_syscalls", "sys_enter", 30, field("long id", 8, 8, true))
                                   .add("syscalls", "sys_exit_sendto", 45, field("int __syscall_nr", 8, 4, true))
                                   .decoder();
  for (const auto id : Ids{11, 14, 15, 20, 21, 30, 45}) {
    EXPECT_EQ(Decoded(decoder, payload_of(id).zeros(64)).outcome, Outcome::kUndecodable) << id;
  }
}

TEST(Undecodable, IsAnIdWithoutAFormat) {
  const EventDecoder decoder = Formats().add("net", "netif_rx", 11, kNetFields).decoder();
  ASSERT_EQ(Decoded(decoder, net_payload(11, 1, 1, "lo")).outcome, Outcome::kDecoded);
  for (const auto id : Ids{0, 10, 12, 65'535}) {
    EXPECT_EQ(Decoded(decoder, net_payload(id, 1, 1, "lo")).outcome, Outcome::kUndecodable) << id;
  }
}

TEST(Ignored, IsATracepointThatNobodyAsksFor) {
  const EventDecoder decoder = Formats()
                                   .add("net", "net_dev_start_xmit", 50, kNetFields)
                                   .add("skb", "netif_rx", 51, kNetFields)
                                   .add("syscalls", "sys_other", 52, kNetFields)
                                   .decoder();
  for (const auto id : Ids{50, 51, 52}) {
    EXPECT_EQ(Decoded(decoder, net_payload(id, 1, 1, "lo")).outcome, Outcome::kIgnored) << id;
  }
}

TEST(Ignored, IsASampleOfSomethingElseThanATracepoint) {
  const EventDecoder decoder = Formats().add("net", "netif_rx", 11, kNetFields).decoder();
  EXPECT_EQ(Decoded(decoder, ByteWriter()).outcome, Outcome::kIgnored);
}

}  // namespace
}  // namespace sockscope
