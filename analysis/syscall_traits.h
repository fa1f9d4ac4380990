#pragma once

#include <cstdint>
#include <string_view>

#include "analysis/event.h"

namespace sockscope {

/// What is known of a system call beforehand.
struct SyscallTraits {
  SyscallKind kind = SyscallKind::kOther;
  bool has_length = false;  ///< Its third argument is a number of bytes (sendto, not sendmsg).
};

/// By name, as in syscalls:sys_enter_NAME: "sendto", "read".
SyscallTraits syscall_traits(std::string_view name);

/// By number, as in raw_syscalls, which differs by machine: `arch` is uname's ("x86_64", "aarch64"). On a machine that
/// is not in the table every call is kOther.
SyscallTraits syscall_traits(std::string_view arch, std::int64_t number);

}  // namespace sockscope
