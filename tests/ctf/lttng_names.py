"""A recording's events as an LTTng of some generation would have recorded them: its names, its fields, its contexts, and
nothing of what LTTng has no tracepoint for (tcp_probe and all of sock:*)."""

from ctf_trace import LTTNG, Trace

SCHED = [("text16", "comm"), ("s32", "tid"), ("s32", "prio"), ("s32", "target_cpu")]
PACKET = [("x64", "skbaddr"), ("u32", "len"), ("str", "name")]
FIELDS = {
    "sched:sched_switch": [("text16", "prev_comm"), ("s32", "prev_tid"), ("s32", "prev_prio"), ("s64", "prev_state"),
                           ("text16", "next_comm"), ("s32", "next_tid"), ("s32", "next_prio")],
    "sched:sched_waking": SCHED,
    "sched:sched_wakeup": SCHED,
    "sched:sched_wakeup_new": SCHED,
    "sched:sched_migrate_task": [("text16", "comm"), ("s32", "tid"), ("s32", "prio"), ("s32", "orig_cpu"),
                                 ("s32", "dest_cpu")],
    "net:net_dev_queue": PACKET,
    "net:netif_rx": PACKET,
    "net:netif_receive_skb": PACKET,
    "net:net_dev_xmit": [("x64", "skbaddr"), ("s32", "rc"), ("u32", "len"), ("str", "name")],
    "irq:softirq_raise": [("u32", "vec")],
    "irq:softirq_entry": [("u32", "vec")],
    "irq:softirq_exit": [("u32", "vec")],
    "skb:consume_skb": [("x64", "skbaddr")],
    "skb:kfree_skb": [("x64", "skbaddr"), ("x64", "location"), ("u16", "protocol")],
    "skb:skb_copy_datagram_iovec": [("x64", "skbaddr"), ("s32", "len")],
    "udp:udp_fail_queue_rcv_skb": [("s32", "rc"), ("u16", "lport")],
}
# lttng-modules' own, 2.8 and later; what is in no row has the kernel's name.
LATE = {"net:netif_rx": "net_if_rx", "net:netif_receive_skb": "net_if_receive_skb", "skb:kfree_skb": "skb_kfree",
        "skb:consume_skb": "skb_consume", "irq:softirq_raise": "irq_softirq_raise",
        "irq:softirq_entry": "irq_softirq_entry", "irq:softirq_exit": "irq_softirq_exit"}
CALLS = {0: "read", 1: "write", 44: "sendto", 45: "recvfrom", 46: "sendmsg", 47: "recvmsg"}
# Which arguments LTTng gives, in which type; a number is the argument's place.
ARGUMENTS = {
    "read": [("s32", "fd", 0), ("u64", "count", 2)],
    "write": [("s32", "fd", 0), ("x64", "buf", 1), ("u64", "count", 2)],
    "sendto": [("s32", "fd", 0), ("x64", "buff", 1), ("u64", "len", 2), ("u32", "flags", 3)],
    "recvfrom": [("s32", "fd", 0), ("u64", "size", 2), ("u32", "flags", 3)],
    "sendmsg": [("s32", "fd", 0), ("x64", "msg", 1)],
    "recvmsg": [("s32", "fd", 0), ("x64", "msg", 1)],
}
# As the kernel's own event of the call has it, where that differs.
KERNEL_ARGUMENTS = {}
CONTEXTS = [("s32", "vtid"), ("s32", "vpid"), ("text17", "procname"), ("s32", "prio")]


class Generation:
    """`entry` and `exit` are how system calls are named; one name of all exits has no {call} in it."""

    def __init__(self, version, entry, exit_, late, wakings=True, contexts=CONTEXTS):
        self.version, self.entry, self.exit, self.late = version, entry, exit_, late
        self.wakings, self.contexts = wakings, contexts

    def name(self, event):
        return LATE.get(event, event.split(":")[1]) if self.late else event.split(":")[1]


GENERATIONS = [
    Generation((2, 4), "sys_{call}", "exit_syscall", late=False),
    Generation((2, 4), "sys_{call}", "exit_syscall", late=False, wakings=False),
    Generation((2, 7), "syscall_entry_{call}", "syscall_exit_{call}", late=False),
    Generation((2, 13), "syscall_entry_{call}", "syscall_exit_{call}", late=True),
    Generation((2, 13), "syscall_entry_{call}", "syscall_exit_{call}", late=True, contexts=[]),
]


def value_of(event, name, kind):
    renamed = {"tid": "pid", "prev_tid": "prev_pid", "next_tid": "next_pid"}
    value = event.fields.get(name, event.fields.get(renamed.get(name)))
    return ("" if kind == "str" or kind.startswith("text") else 0) if value is None else value


def call_of(event):
    return CALLS.get(event.fields["id"], f"call{event.fields['id']}")


def lttng_trace(events, generation):
    """Of Events (tests/differential/event.py)."""
    trace = Trace(LTTNG | {"tracer_major": generation.version[0], "tracer_minor": generation.version[1]},
                  generation.contexts)
    left_out = set() if generation.wakings else {"sched:sched_waking"}
    for event in events:
        if event.name in left_out:
            continue
        contexts = [event.tid, event.pid, event.comm or "", 20] if generation.contexts else []
        if event.name == "raw_syscalls:sys_enter":
            name, arguments = generation.entry.format(call=call_of(event)), ARGUMENTS.get(call_of(event), [])
            fields = [(kind, one) for kind, one, _ in arguments]
            values = [event.fields["args"][place] for _, _, place in arguments]
        elif event.name == "raw_syscalls:sys_exit":
            name, fields = generation.exit.format(call=call_of(event)), [("s64", "ret")]
            values = [event.fields["ret"]]
        elif event.name.startswith("syscalls:sys_enter_"):
            call = event.name.removeprefix("syscalls:sys_enter_")
            name, arguments = generation.entry.format(call=call), ARGUMENTS.get(call, [])
            fields = [(kind, one) for kind, one, _ in arguments]
            values = [event.fields[KERNEL_ARGUMENTS.get((call, one), one)] for _, one, _ in arguments]
        elif event.name.startswith("syscalls:sys_exit_"):
            name = generation.exit.format(call=event.name.removeprefix("syscalls:sys_exit_"))
            fields, values = [("s64", "ret")], [event.fields["ret"]]
        elif event.name in FIELDS:
            name, fields = generation.name(event.name), FIELDS[event.name]
            values = [value_of(event, one, kind) for kind, one in fields]
        else:
            continue
        trace.describe(name, fields)
        trace.add(event.cpu, event.time_ns, name, contexts, values)
    for event, fields in FIELDS.items():  # asked for, though it may never have come
        if event in left_out:
            continue
        trace.describe(generation.name(event), fields)
    return trace
