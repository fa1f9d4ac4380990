#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sockscope::ctf {

/// A tracepoint as the kernel calls it.
struct KernelEvent {
  std::string system;
  std::string name;

  friend bool operator==(const KernelEvent&, const KernelEvent&) = default;
};

/// What the kernel calls an event of a CTF trace, of every generation of names that there has been:
///
///   - lttng-modules 2.8 and later: "irq_softirq_entry", "net_if_rx", "skb_kfree", "syscall_entry_sendto";
///   - earlier ones: "softirq_entry", "netif_rx", "kfree_skb"; before 2.6 "sys_sendto" and, of all calls,
///   "exit_syscall";
///   - perf data convert --to-ctf, whose names are the kernel's: "net:netif_rx";
///   - our own export (report/export/lttng_names.h), which has LTTng's manner for events that LTTng has not.
///
/// `has_numbered_call`: its fields are those of raw_syscalls, which all calls have in common ("id" and "args" or
/// "ret"). What is in no table is of the system "lttng".
[[nodiscard]] KernelEvent kernel_event(std::string_view ctf_name, bool has_numbered_call);

/// The kernel's name for a field: LTTng says "tid" where the scheduler's events call a thread's id "pid".
[[nodiscard]] std::string_view kernel_field(std::string_view system, std::string_view ctf_field);

/// What has to be in an event of ours, or nothing of it means anything.
struct NeededFields {
  std::span<const std::string_view> numbers;
  std::string_view text;
};

/// Empty for events that no analysis takes.
[[nodiscard]] NeededFields needed_fields(const KernelEvent& event);

}  // namespace sockscope::ctf
