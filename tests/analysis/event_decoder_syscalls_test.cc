// System calls as EventDecoder reads them, from raw_syscalls and from syscalls.

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "analysis/event_decoder.h"
#include "tests/analysis/decoding.h"

namespace sockscope {
namespace {

// raw_syscalls: the number says which call it is, and that depends on the machine.
class RawSyscalls : public testing::Test {
 protected:
  static EventDecoder decoder(std::string_view arch) {
    return Formats()
        .add("raw_syscalls", "sys_enter", 30, field("long id", 8, 8, true) + field("unsigned long args[6]", 16, 48))
        .add("raw_syscalls", "sys_exit", 31, field("long id", 8, 8, true) + field("long ret", 16, 8, true))
        .decoder(arch);
  }
  /// fd 4, some buffer, 64 bytes, and three more.
  static ByteWriter enter(std::uint64_t number) {
    return payload_of(30).u64(number).u64(4).u64(0x7fff0000).u64(64).u64(0).u64(0).u64(0);
  }
};

TEST_F(RawSyscalls, AreReadWithDescriptorAndLength) {
  const auto sendto = Decoded(decoder("x86_64"), enter(44)).as<SyscallEnter>();
  EXPECT_EQ(sendto.kind, SyscallKind::kSend);
  EXPECT_EQ(sendto.fd, 4);
  EXPECT_EQ(sendto.length, 64U);
  const auto recvfrom = Decoded(decoder("x86_64"), enter(45)).as<SyscallEnter>();
  EXPECT_EQ(recvfrom.kind, SyscallKind::kReceive);
  EXPECT_EQ(recvfrom.fd, 4);
}

TEST_F(RawSyscalls, MeanWhatTheirMachineMeans) {
  EXPECT_EQ(Decoded(decoder("aarch64"), enter(206)).as<SyscallEnter>().kind, SyscallKind::kSend);
  EXPECT_EQ(Decoded(decoder("aarch64"), enter(44)).as<SyscallEnter>().kind, SyscallKind::kOther);
  EXPECT_EQ(Decoded(decoder("i686"), enter(44)).as<SyscallEnter>().kind, SyscallKind::kOther);
}

TEST_F(RawSyscalls, HaveNoLengthWhereItIsNoArgument) {
  const auto sendmsg = Decoded(decoder("x86_64"), enter(46)).as<SyscallEnter>();
  EXPECT_EQ(sendmsg.kind, SyscallKind::kSend);
  EXPECT_EQ(sendmsg.length, std::nullopt);
}

TEST_F(RawSyscalls, OfAnyOtherCallAreStillCalls) {
  for (const std::uint64_t number : {228ULL, 511ULL, 512ULL, 100'000ULL, ~0ULL}) {
    const auto call = Decoded(decoder("x86_64"), enter(number)).as<SyscallEnter>();
    EXPECT_EQ(call.kind, SyscallKind::kOther) << number;
    EXPECT_EQ(call.length, std::nullopt) << number;
  }
}

TEST_F(RawSyscalls, EndWithBytesOrAnErrno) {
  EXPECT_EQ(Decoded(decoder("x86_64"), payload_of(31).u64(44).u64(64)).as<SyscallExit>().ret, 64);
  EXPECT_EQ(Decoded(decoder("x86_64"), payload_of(31).u64(44).u64(~10ULL)).as<SyscallExit>().ret, -11);
}

// syscalls:sys_enter_NAME: the name says which call it is, whatever the machine.
TEST(NamedSyscalls, AreReadWithDescriptorAndLength) {
  const std::string head = field("int __syscall_nr", 8, 4, true) + field("int fd", 16, 8);
  const EventDecoder decoder =
      Formats()
          .add("syscalls", "sys_enter_sendto", 40, head + field("void * buff", 24, 8) + field("size_t len", 32, 8))
          .add("syscalls", "sys_enter_recvfrom", 41, head + field("void * ubuf", 24, 8) + field("size_t size", 32, 8))
          .add("syscalls", "sys_enter_write", 42,
               head + field("const char * buf", 24, 8) + field("size_t count", 32, 8))
          .add("syscalls", "sys_enter_sendmsg", 43,
               head + field("void * msg", 24, 8) + field("unsigned int flags", 32, 8))
          .decoder("some machine");
  const auto enter = [&](std::uint16_t id) {
    return Decoded(decoder, payload_of(id).u64(44).u64(4).u64(0x7fff0000).u64(64)).as<SyscallEnter>();
  };
  for (const auto id : Ids{40, 42, 43}) EXPECT_EQ(enter(id).kind, SyscallKind::kSend) << id;
  EXPECT_EQ(enter(41).kind, SyscallKind::kReceive);
  for (const auto id : Ids{40, 41, 42, 43}) EXPECT_EQ(enter(id).fd, 4) << id;
  for (const auto id : Ids{40, 41, 42}) EXPECT_EQ(enter(id).length, 64U) << id;
  EXPECT_EQ(enter(43).length, std::nullopt);
}

TEST(NamedSyscalls, OfAnyOtherCallAreStillCalls) {
  const EventDecoder decoder =
      Formats().add("syscalls", "sys_enter_getpid", 44, field("int __syscall_nr", 8, 4, true)).decoder();
  EXPECT_EQ(Decoded(decoder, payload_of(44).u64(39)).as<SyscallEnter>().kind, SyscallKind::kOther);
}

TEST(NamedSyscalls, EndWithBytesOrAnErrno) {
  const EventDecoder decoder = Formats()
                                   .add("syscalls", "sys_exit_sendto", 45,
                                        field("int __syscall_nr", 8, 4, true) + field("long ret", 16, 8, true))
                                   .decoder();
  EXPECT_EQ(Decoded(decoder, payload_of(45).u64(44).u64(~10ULL)).as<SyscallExit>().ret, -11);
}

}  // namespace
}  // namespace sockscope
