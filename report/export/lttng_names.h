#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sockscope {

/// What LTTng (lttng-modules 2.13) calls a kernel's tracepoint, so that TraceCompass knows it: "sched_switch",
/// "irq_softirq_entry", "net_if_rx", "syscall_entry_sendto" for syscalls:sys_enter_sendto.
[[nodiscard]] std::string lttng_event_name(std::string_view system, std::string_view name);

/// "syscall_entry_sendto" or "syscall_exit_sendto", of raw_syscalls, which has numbers: `arch` is uname's. "unknown"
/// for the call's name where that machine has no such number.
[[nodiscard]] std::string lttng_syscall_name(bool is_entry, std::string_view arch, std::int64_t number);

/// What LTTng calls a tracepoint's field: of the scheduler's, "prev_tid" for "prev_pid". All others have their name.
[[nodiscard]] std::string_view lttng_field_name(std::string_view system, std::string_view field);

}  // namespace sockscope
