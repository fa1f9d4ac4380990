#include "parsers/ctf/sandbox.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "parsers/ctf/sanitized.h"

namespace sockscope::ctf {
namespace {

constexpr std::uint64_t kMostMemory = std::uint64_t{4} << 30;

/// What a single-threaded reader of files and its allocator call, with whatever arguments.
constexpr std::array kAllowed{
    SCMP_SYS(read),         SCMP_SYS(pread64),      SCMP_SYS(readv),         SCMP_SYS(lseek),
    SCMP_SYS(close),        SCMP_SYS(fstat),        SCMP_SYS(stat),          SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),   SCMP_SYS(statx),        SCMP_SYS(access),        SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),   SCMP_SYS(readlink),     SCMP_SYS(readlinkat),    SCMP_SYS(getdents64),
    SCMP_SYS(fcntl),        SCMP_SYS(munmap),       SCMP_SYS(mremap),        SCMP_SYS(madvise),
    SCMP_SYS(brk),          SCMP_SYS(futex),        SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),    SCMP_SYS(getpid),       SCMP_SYS(gettid),        SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigaction), SCMP_SYS(sigaltstack),   SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo),      SCMP_SYS(uname),        SCMP_SYS(getcwd),        SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),         SCMP_SYS(exit_group),   SCMP_SYS(getrlimit),     SCMP_SYS(sched_getaffinity),
};

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};

/// No code can be mapped that was not there before.
bool allow_data_memory(scmp_filter_ctx filter, int call) {
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

bool allow_reading(scmp_filter_ctx filter) {
  constexpr std::uint64_t changing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                          SCMP_A2(SCMP_CMP_MASKED_EQ, changing, O_RDONLY)) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, changing, O_RDONLY)) ==
             0;
}

/// To abort, as a library does that has found a fault of its own.
bool allow_raising(scmp_filter_ctx filter) {
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                          SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))) == 0;
}

bool allow_writing(scmp_filter_ctx filter, int fd) {
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                          SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(fd))) == 0;
}

/// To find out whether memory is there, it is written into a pipe (IsAccessibleMemoryRange of LLVM's runtime).
bool allow_sanitizer(scmp_filter_ctx filter) {
  return std::ranges::all_of(std::array{SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(write)}, [filter](int call) {
    const int added = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
    return added == 0 || added == -EDOM;
  });
}

bool load_filter(std::span<const int> writable) {
  const std::unique_ptr<void, Release> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (filter == nullptr) return false;
  for (const int call : kAllowed) {
    // A call that this machine has under another number or not at all needs no rule.
    if (const int added = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0); added != 0 && added != -EDOM) {
      return false;
    }
  }
  if (kIsSanitized && !allow_sanitizer(filter.get())) return false;
  for (const int fd : writable) {
    if (!allow_writing(filter.get(), fd)) return false;
  }
  return allow_data_memory(filter.get(), SCMP_SYS(mmap)) && allow_data_memory(filter.get(), SCMP_SYS(mprotect)) &&
         allow_reading(filter.get()) && allow_raising(filter.get()) && seccomp_load(filter.get()) == 0;
}

bool limit(int resource, std::uint64_t most) {
  const rlimit both{.rlim_cur = most, .rlim_max = most};
  return setrlimit(static_cast<__rlimit_resource>(resource), &both) == 0;
}

}  // namespace

Result<> give_up_rights(std::span<const int> writable, std::uint64_t most_written_bytes) {
  // A sanitizer reserves terabytes of addresses.
  const bool is_limited = (kIsSanitized || limit(RLIMIT_AS, kMostMemory)) && limit(RLIMIT_CORE, 0) &&
                          limit(RLIMIT_FSIZE, most_written_bytes);
  if (!is_limited || !load_filter(writable)) {
    return fail(ErrorKind::kEnvironment,
                "cannot confine babeltrace2 to reading the trace: this kernel has no seccomp filters");
  }
  return {};
}

}  // namespace sockscope::ctf
