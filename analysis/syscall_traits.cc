#include "analysis/syscall_traits.h"

#include <algorithm>
#include <array>

namespace sockscope {
namespace {

struct KnownSyscall {
  std::string_view name;
  SyscallTraits traits;
  std::int64_t x86_64;   // arch/x86/entry/syscalls/syscall_64.tbl
  std::int64_t generic;  // include/uapi/asm-generic/unistd.h: aarch64, riscv64, loongarch64
};

constexpr std::array kKnown = std::to_array<KnownSyscall>({
    {"read", {SyscallKind::kReceive, true}, 0, 63},
    {"write", {SyscallKind::kSend, true}, 1, 64},
    {"readv", {SyscallKind::kReceive, false}, 19, 65},
    {"writev", {SyscallKind::kSend, false}, 20, 66},
    {"sendto", {SyscallKind::kSend, true}, 44, 206},
    {"recvfrom", {SyscallKind::kReceive, true}, 45, 207},
    {"sendmsg", {SyscallKind::kSend, false}, 46, 211},
    {"recvmsg", {SyscallKind::kReceive, false}, 47, 212},
});

template <class Number>
SyscallTraits traits_where(Number number_of, std::int64_t number) {
  const auto* const found = std::ranges::find(kKnown, number, number_of);
  return found == kKnown.end() ? SyscallTraits{} : found->traits;
}

}  // namespace

SyscallTraits syscall_traits(std::string_view name) {
  const auto* const found = std::ranges::find(kKnown, name, &KnownSyscall::name);
  return found == kKnown.end() ? SyscallTraits{} : found->traits;
}

SyscallTraits syscall_traits(std::string_view arch, std::int64_t number) {
  if (arch == "x86_64") return traits_where(&KnownSyscall::x86_64, number);
  const bool generic = arch == "aarch64" || arch == "riscv64" || arch == "loongarch64";
  return generic ? traits_where(&KnownSyscall::generic, number) : SyscallTraits{};
}

}  // namespace sockscope
