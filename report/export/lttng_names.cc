#include "report/export/lttng_names.h"

#include <fmt/format.h>
#include <seccomp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

namespace sockscope {
namespace {

using Renamed = std::pair<std::string_view, std::string_view>;

/// Those whose names do not follow from their system's.
constexpr std::array kEvents = std::to_array<Renamed>({
    {"net:netif_rx", "net_if_rx"},
    {"net:netif_rx_entry", "net_if_rx_entry"},
    {"net:netif_rx_exit", "net_if_rx_exit"},
    {"net:netif_receive_skb", "net_if_receive_skb"},
    {"net:netif_receive_skb_entry", "net_if_receive_skb_entry"},
    {"net:netif_receive_skb_exit", "net_if_receive_skb_exit"},
    {"skb:kfree_skb", "skb_kfree"},
    {"skb:consume_skb", "skb_consume"},
});

/// The kernel calls a thread's id pid.
constexpr std::array kSchedFields = std::to_array<Renamed>({
    {"pid", "tid"},
    {"prev_pid", "prev_tid"},
    {"next_pid", "next_tid"},
    {"parent_pid", "parent_tid"},
    {"child_pid", "child_tid"},
});

constexpr std::array kArchs = std::to_array<std::pair<std::string_view, std::uint32_t>>({
    {"x86_64", SCMP_ARCH_X86_64},
    {"aarch64", SCMP_ARCH_AARCH64},
    {"riscv64", SCMP_ARCH_RISCV64},
    {"ppc64le", SCMP_ARCH_PPC64LE},
    {"s390x", SCMP_ARCH_S390X},
});

struct Free {
  void operator()(char* text) const { std::free(text); }  // NOLINT(*-no-malloc): libseccomp's own
};

std::string name_of_call(std::string_view arch, std::int64_t number) {
  const auto* const known = std::ranges::find(kArchs, arch, &std::pair<std::string_view, std::uint32_t>::first);
  const bool is_number = number >= 0 && number <= 0xffff;
  if (known == kArchs.end() || !is_number) return "unknown";
  const std::unique_ptr<char, Free> name(seccomp_syscall_resolve_num_arch(known->second, static_cast<int>(number)));
  return name == nullptr ? "unknown" : name.get();
}

}  // namespace

std::string lttng_event_name(std::string_view system, std::string_view name) {
  const std::string full = fmt::format("{}:{}", system, name);
  const auto* const renamed = std::ranges::find(kEvents, full, &Renamed::first);
  if (renamed != kEvents.end()) return std::string(renamed->second);
  if (system == "syscalls" && name.starts_with("sys_enter_")) return fmt::format("syscall_entry_{}", name.substr(10));
  if (system == "syscalls" && name.starts_with("sys_exit_")) return fmt::format("syscall_exit_{}", name.substr(9));
  const bool says_system = name.size() > system.size() && name.starts_with(system) && name[system.size()] == '_';
  return says_system ? std::string(name) : fmt::format("{}_{}", system, name);
}

std::string lttng_syscall_name(bool is_entry, std::string_view arch, std::int64_t number) {
  return fmt::format("syscall_{}_{}", is_entry ? "entry" : "exit", name_of_call(arch, number));
}

std::string_view lttng_field_name(std::string_view system, std::string_view field) {
  if (system != "sched") return field;
  const auto* const renamed = std::ranges::find(kSchedFields, field, &Renamed::first);
  return renamed == kSchedFields.end() ? field : renamed->second;
}

}  // namespace sockscope
