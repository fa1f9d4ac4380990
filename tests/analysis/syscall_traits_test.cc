#include "analysis/syscall_traits.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include <array>

namespace sockscope {
namespace {

using enum SyscallKind;

struct Known {
  std::string_view name;
  SyscallKind kind;
  bool has_length;
  std::int64_t x86_64;
  std::int64_t generic;
};

// man 2 of each; numbers from the kernel's tables (syscall_64.tbl, asm-generic/unistd.h).
constexpr std::array kCalls = std::to_array<Known>({{"read", kReceive, true, 0, 63},
                                                    {"write", kSend, true, 1, 64},
                                                    {"readv", kReceive, false, 19, 65},
                                                    {"writev", kSend, false, 20, 66},
                                                    {"sendto", kSend, true, 44, 206},
                                                    {"recvfrom", kReceive, true, 45, 207},
                                                    {"sendmsg", kSend, false, 46, 211},
                                                    {"recvmsg", kReceive, false, 47, 212}});

void expect_known(const SyscallTraits& traits, const Known& call) {
  EXPECT_EQ(traits.kind, call.kind) << call.name;
  EXPECT_EQ(traits.has_length, call.has_length) << call.name;
}

TEST(SyscallTraits, AreKnownByName) {
  for (const Known& call : kCalls) expect_known(syscall_traits(call.name), call);
}

TEST(SyscallTraits, AreKnownByNumberOnX86) {
  for (const Known& call : kCalls) expect_known(syscall_traits("x86_64", call.x86_64), call);
}

TEST(SyscallTraits, AreKnownByNumberOnTheMachinesThatShareTheGenericTable) {
  for (const std::string_view arch : {"aarch64", "riscv64", "loongarch64"}) {
    for (const Known& call : kCalls) expect_known(syscall_traits(arch, call.generic), call);
  }
}

TEST(SyscallTraits, AreThoseOfTheMachineThisIsCompiledFor) {
  utsname system{};
  ASSERT_EQ(uname(&system), 0);
  EXPECT_EQ(syscall_traits(system.machine, SYS_sendto).kind, kSend);
  EXPECT_EQ(syscall_traits(system.machine, SYS_recvfrom).kind, kReceive);
}

TEST(SyscallTraits, OfTheSameNumberDifferByMachine) {
  ASSERT_EQ(syscall_traits("x86_64", 44).kind, kSend);
  EXPECT_EQ(syscall_traits("aarch64", 44).kind, kOther);
}

TEST(SyscallTraits, OfAnyOtherCallAreNone) {
  for (const std::string_view name : {"", "clock_gettime", "sendto_", "send", "readlink"}) {
    EXPECT_EQ(syscall_traits(name).kind, kOther) << name;
    EXPECT_FALSE(syscall_traits(name).has_length) << name;
  }
  EXPECT_EQ(syscall_traits("x86_64", 228).kind, kOther) << "clock_gettime";
  EXPECT_EQ(syscall_traits("x86_64", -1).kind, kOther);
}

TEST(SyscallTraits, OfAnUnknownMachineAreNone) {
  EXPECT_EQ(syscall_traits("i686", 0).kind, kOther);
  EXPECT_EQ(syscall_traits("", 44).kind, kOther);
}

}  // namespace
}  // namespace sockscope
