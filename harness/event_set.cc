#include "harness/event_set.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <functional>
#include <iterator>
#include <ranges>
#include <system_error>

namespace sockscope {
namespace {

constexpr bool kRequired = true;
constexpr bool kOptional = false;

/// Each has what the ones before it have: sessions are followed by everything that messages are.
enum class Use { kLab, kSessions, kPath };

constexpr KnownEvent of(std::string_view name, Scope scope, bool required, Use use) {
  return {.name = name,
          .scope = scope,
          .required = required,
          .is_of_path = use == Use::kPath,
          .is_of_sessions = use != Use::kLab};
}

// Of net: what fires on loopback. The others (GRO, lists, time-outs) belong to drivers that lo does not have.
constexpr std::array kKnownEvents = [] {
  using enum Use;
  return std::to_array<KnownEvent>({
      of("raw_syscalls:sys_enter", Scope::kContext, kRequired, kPath),
      of("raw_syscalls:sys_exit", Scope::kContext, kRequired, kPath),
      of("sock:sock_send_length", Scope::kContext, kOptional, kSessions),
      of("sock:sock_recv_length", Scope::kContext, kOptional, kSessions),
      of("net:net_dev_queue", Scope::kContext, kRequired, kPath),
      of("net:net_dev_start_xmit", Scope::kContext, kOptional, kLab),
      of("net:netif_rx_entry", Scope::kContext, kOptional, kLab),
      of("net:netif_rx", Scope::kContext, kRequired, kPath),
      of("irq:softirq_raise", Scope::kContext, kOptional, kLab),
      of("net:netif_rx_exit", Scope::kContext, kOptional, kLab),
      of("net:net_dev_xmit", Scope::kContext, kRequired, kLab),
      of("net:netif_receive_skb", Scope::kContext, kRequired, kPath),
      of("irq:softirq_entry", Scope::kContext, kRequired, kPath),
      of("irq:softirq_exit", Scope::kContext, kRequired, kSessions),
      of("tcp:tcp_probe", Scope::kContext, kOptional, kPath),
      of("tcp:tcp_retransmit_skb", Scope::kContext, kOptional, kPath),
      of("udp:udp_fail_queue_rcv_skb", Scope::kContext, kOptional, kPath),
      of("sock:sk_data_ready", Scope::kContext, kOptional, kPath),
      of("skb:skb_copy_datagram_iovec", Scope::kContext, kOptional, kSessions),
      of("skb:consume_skb", Scope::kContext, kOptional, kLab),
      of("skb:kfree_skb", Scope::kContext, kOptional, kSessions),
      of("sched:sched_waking", Scope::kTarget, kRequired, kPath),
      of("sched:sched_wakeup", Scope::kTarget, kRequired, kLab),
      of("sched:sched_wakeup_new", Scope::kTarget, kOptional, kLab),
      of("sched:sched_migrate_task", Scope::kTarget, kOptional, kPath),
      of("sched:sched_switch", Scope::kSwitch, kRequired, kPath),
  });
}();

// What makes more of the functions visible that a message runs through: net:* and skb:* alone never happen below
// udp_recvmsg(), nor while a segment is acknowledged.
constexpr auto kOfFunctions = std::to_array<std::string_view>({
    "tcp:tcp_sendmsg_locked",
    "tcp:tcp_rcv_space_adjust",
    "tcp:tcp_rcvbuf_grow",
    "tcp:tcp_cong_state_set",
    "tcp:tcp_send_reset",
    "tcp:tcp_receive_reset",
    "sock:sock_rcvqueue_full",
    "sock:sock_exceed_buf_limit",
    "napi:napi_poll",
    "fib:fib_table_lookup",
    "timer:timer_start",
    "timer:timer_cancel",
    "timer:hrtimer_start",
    "timer:hrtimer_cancel",
    "kmem:kmem_cache_alloc",
    "kmem:kmem_cache_free",
    "kmem:kmalloc",
    "kmem:kfree",
});

bool exists(const std::filesystem::path& tracefs, std::string_view event) {
  const auto colon = event.find(':');
  std::error_code ignored;
  return std::filesystem::exists(tracefs / "events" / event.substr(0, colon) / event.substr(colon + 1) / "format",
                                 ignored);
}

std::string format_of(const std::filesystem::path& tracefs, std::string_view event) {
  const auto colon = event.find(':');
  std::ifstream file(tracefs / "events" / event.substr(0, colon) / event.substr(colon + 1) / "format");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Of an event that we do not know: a scheduler event with a pid of its own is about that thread, whoever runs.
Scope scope_of(const std::filesystem::path& tracefs, std::string_view event) {
  const auto* const known = std::ranges::find(kKnownEvents, event, &KnownEvent::name);
  if (known != kKnownEvents.end()) return known->scope;
  const bool is_about_a_thread = event.starts_with("sched:") && format_of(tracefs, event).contains("pid_t pid;");
  return is_about_a_thread ? Scope::kTarget : Scope::kContext;
}

/// The known events that `is_wanted` says.
template <class IsWanted>
Result<EventSet> named(const std::filesystem::path& tracefs, std::string_view name, IsWanted is_wanted) {
  EventSet set{.name = std::string(name), .events = {}, .missing = {}};
  std::vector<std::string_view> lacking;
  for (const KnownEvent& known : kKnownEvents) {
    if (!std::invoke(is_wanted, known)) continue;
    if (exists(tracefs, known.name)) {
      set.events.push_back({.name = std::string(known.name), .scope = known.scope});
    } else {
      (known.required ? lacking : set.missing).push_back(known.name);
    }
  }
  if (lacking.empty()) return set;
  return fail(ErrorKind::kEnvironment,
              "this kernel has no tracepoint {}: a kernel with CONFIG_FTRACE_SYSCALLS and CONFIG_NET tracepoints is "
              "needed",
              fmt::join(lacking, ", "));
}

/// Of whoever has one of the CPUs: who will hold up a message is not known beforehand.
Result<EventSet> with_all_switches(Result<EventSet> set) {
  if (!set) return set;
  for (EventChoice& event : set->events) {
    if (event.scope == Scope::kSwitch) event.scope = Scope::kAnywhere;
  }
  return set;
}

/// "system:event" of letters, digits and underscores: nothing that leads out of tracefs.
bool is_event_name(std::string_view text) {
  const auto is_word = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  };
  const auto colon = text.find(':');
  return colon != std::string_view::npos && is_word(text.substr(0, colon)) && is_word(text.substr(colon + 1));
}

Result<EventSet> of_list(const std::filesystem::path& tracefs, std::string_view list) {
  EventSet set{.name = "list", .events = {}, .missing = {}};
  const auto no_events = [list] {
    return fail(ErrorKind::kUsage,
                "--events {}: neither sched, lab, path or stacks, nor events such as net:netif_rx,sched:sched_switch",
                list);
  };
  // Of nothing, split makes no part.
  if (list.empty()) return no_events();
  for (const auto part : std::views::split(list, ',')) {
    const std::string name(part.begin(), part.end());
    if (!is_event_name(name)) return no_events();
    if (!exists(tracefs, name)) {
      return fail(ErrorKind::kUsage, "--events: this kernel has no tracepoint {} (see {}/available_events)", name,
                  tracefs.string());
    }
    if (std::ranges::find(set.events, name, &EventChoice::name) != set.events.end()) continue;
    set.events.push_back({.name = name, .scope = scope_of(tracefs, name)});
  }
  return set;
}

}  // namespace

std::span<const KnownEvent> known_events() { return kKnownEvents; }

std::span<const std::string_view> events_of_functions() { return kOfFunctions; }

Result<EventSet> EventSet::available(const std::filesystem::path& tracefs, std::string_view wanted) {
  std::error_code error;
  const std::filesystem::directory_iterator events(tracefs / "events", error);
  if (error) {
    return fail(ErrorKind::kEnvironment, "cannot read {}: {}", (tracefs / "events").string(), error.message());
  }
  if (wanted == "path") return named(tracefs, wanted, &KnownEvent::is_of_path);
  if (wanted == "lab") return with_all_switches(named(tracefs, wanted, [](const KnownEvent&) { return true; }));
  if (wanted == "sched") {
    return named(tracefs, wanted, [](const KnownEvent& event) { return event.name.starts_with("sched:"); });
  }
  if (wanted != "stacks") return of_list(tracefs, wanted);
  auto set = named(tracefs, wanted, [](const KnownEvent&) { return true; });
  if (!set) return set;
  for (const std::string_view event : kOfFunctions) {
    if (exists(tracefs, event)) {
      set->events.push_back({.name = std::string(event), .scope = Scope::kContext});
    } else {
      set->missing.push_back(event);
    }
  }
  set->with_stacks = true;
  return set;
}

Result<EventSet> EventSet::of_sessions(const std::filesystem::path& tracefs) const {
  constexpr std::string_view states = "sock:inet_sock_set_state";
  if (!exists(tracefs, states)) {
    return fail(ErrorKind::kEnvironment, "this kernel has no tracepoint {}: Linux 4.16 or later is needed", states);
  }
  EventSet set = *this;
  for (const KnownEvent& known : kKnownEvents) {
    const bool is_there = std::ranges::find(set.events, known.name, &EventChoice::name) != set.events.end();
    if (!is_there && known.is_of_sessions && exists(tracefs, known.name)) {
      set.events.push_back({.name = std::string(known.name), .scope = known.scope});
    }
  }
  for (EventChoice& event : set.events) {
    if (event.scope == Scope::kContext && !event.name.starts_with("raw_syscalls:")) event.scope = Scope::kAnywhere;
  }
  std::erase_if(set.events, [states](const EventChoice& event) { return event.name == states; });
  set.events.push_back({.name = std::string(states), .scope = Scope::kAnywhere});
  return set;
}

std::vector<EventChoice> EventSet::of_packets() const {
  std::vector<EventChoice> packets;
  std::ranges::copy_if(events, std::back_inserter(packets),
                       [](const EventChoice& event) { return event.name.starts_with("net:"); });
  return packets;
}

std::string EventSet::text() const {
  std::vector<std::string_view> names;
  names.reserve(events.size());
  for (const EventChoice& event : events) names.emplace_back(event.name);
  return fmt::format("{}{}: {}", name, with_stacks ? ", with call chains" : "", fmt::join(names, " "));
}

std::string filter_for(Scope scope, std::span<const pid_t> tids) {
  const auto any_of = [tids](std::string_view field) {
    std::vector<std::string> terms;
    terms.reserve(tids.size());
    for (const pid_t tid : tids) terms.push_back(fmt::format("{}=={}", field, tid));
    return fmt::format("{}", fmt::join(terms, "||"));
  };
  switch (scope) {
    case Scope::kSwitch:
      return any_of("prev_pid") + "||" + any_of("next_pid");
    case Scope::kTarget:
      return any_of("pid");
    case Scope::kAnywhere:
      return "";
    case Scope::kContext:
      break;
  }
  return any_of("common_pid") + "||COMM~\"ksoftirqd/*\"";
}

}  // namespace sockscope
