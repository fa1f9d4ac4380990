"""Small LTTng traces, of which every event that `sockscope events` and every figure that `sockscope report` gives is
known.

    lttng_traces.py SOCKSCOPE
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ctf_trace import LTTNG, Trace

SWITCH = [("text16", "prev_comm"), ("s32", "prev_tid"), ("s32", "prev_prio"), ("s64", "prev_state"),
          ("text16", "next_comm"), ("s32", "next_tid"), ("s32", "next_prio")]
PACKET = [("x64", "skbaddr"), ("u32", "len"), ("str", "name")]


def output(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{arguments}: status {done.returncode}: {done.stderr}")
    return done.stdout


def events(program, folder):
    return [json.loads(line) for line in output(program, "events", "--format", "json", folder).splitlines()]


def expect(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}:\n  found  {found}\n  wanted {wanted}")
    print(f"{what}: {wanted}")


def switch(trace, cpu, time, contexts, prev, following):
    trace.add(cpu, time, "sched_switch", contexts, [f"t{prev}", prev, 20, 1, f"t{following}", following, 20])


def plain(contexts=(("s32", "vtid"), ("s32", "vpid")), **options):
    trace = Trace(contexts=list(contexts), **options)
    trace.describe("sched_switch", SWITCH)
    trace.describe("net_dev_queue", PACKET)
    return trace


def check_whole_event(program, folder):
    contexts = [("s32", "vtid"), ("s32", "vpid"), ("text17", "procname"), ("s32", "prio")]
    trace = Trace(contexts=contexts)
    trace.describe("net_if_rx", PACKET)
    trace.describe("lttng_logger", [("str", "_msg"), ("u16[]", "list"), ("u8[3]", "three"), ("s32", "minus")])
    trace.add(3, 1_000_000_001, "net_if_rx", [71, 70, "netcat", -11], [0xFFFF888109ED4700, 92, "lo"])
    trace.add(3, 1_000_000_002, "lttng_logger", [71, 70, "netcat", -11], ["hi", [1, 65535], [7, 8, 9], -1])
    trace.write(folder)
    first, second = events(program, folder)
    who = {"cpu": 3, "pid": 70, "tid": 71, "comm": "netcat",
           "common": {"common_flags": 0, "common_preempt_count": 0, "common_pid": 71}}
    expect("an event of LTTng's", first,
           {"time_ns": 1_000_000_001, "event": "net:netif_rx",
            "fields": {"skbaddr": 0xFFFF888109ED4700, "len": 92, "name": "lo", "context_prio": -11}} | who)
    expect("one that is in no table", second,
           {"time_ns": 1_000_000_002, "event": "lttng:lttng_logger",
            "fields": {"_msg": "hi", "list": [1, 65535], "three": [7, 8, 9], "minus": -1, "context_prio": -11}} | who)


def check_threads_without_contexts(program, folder):
    trace = plain(contexts=[])
    trace.add(0, 10, "net_dev_queue", [], [1, 2, "lo"])
    switch(trace, 0, 20, [], 5, 6)
    trace.add(0, 30, "net_dev_queue", [], [1, 2, "lo"])
    trace.add(1, 35, "net_dev_queue", [], [1, 2, "lo"])
    switch(trace, 0, 40, [], 6, 7)
    trace.write(folder)
    expect("threads by sched_switch", [(one["time_ns"], one["cpu"], one["tid"]) for one in events(program, folder)],
           [(10, 0, None), (20, 0, 5), (30, 0, 6), (35, 1, None), (40, 0, 6)])


def check_better_context(program, folder):
    trace = plain(contexts=[("s32", "vtid"), ("s32", "tid"), ("s32", "pid"), ("s32", "vpid")])
    trace.add(0, 10, "net_dev_queue", [1, 4242, 4241, 1], [1, 2, "lo"])
    trace.write(folder)
    expect("tid before vtid", [(one["pid"], one["tid"]) for one in events(program, folder)], [(4241, 4242)])


def check_clock(program, folder):
    trace = plain(frequency=1_000_000)
    trace.add(0, 1_234_567, "net_dev_queue", [1, 1], [1, 2, "lo"])
    trace.write(folder)
    expect("a clock of 1 MHz", [one["time_ns"] for one in events(program, folder)], [1_234_567_000])


def check_cpu(program, folder):
    trace = plain(cpu_field="another")
    trace.add(0, 10, "net_dev_queue", [1, 1], [1, 2, "lo"])
    trace.add(1, 20, "net_dev_queue", [1, 1], [1, 2, "lo"])
    trace.write(folder)
    expect("streams without cpu_id", len({one["cpu"] for one in events(program, folder)}), 2)


def check_losses(program, folder):
    trace = plain(packet_events=2)
    trace.discarded = {0: 7}
    for time in range(10, 50, 10):
        trace.add(0, time, "net_dev_queue", [1, 1], [1, 2, "lo"])
    trace.write(folder)
    quality = json.loads(output(program, "report", "--format", "json", folder))["data_quality"]
    expect("events that LTTng lost", (quality["lost_events"], quality["complete"]), (7, False))


def check_order(program, folder):
    trace = plain()
    for cpu, time in [(0, 40), (1, 10), (1, 30), (0, 50), (1, 60)]:
        trace.add(cpu, time, "net_dev_queue", [1, 1], [1, 2, "lo"])
    trace.write(folder)
    expect("streams merged", [(one["time_ns"], one["cpu"]) for one in events(program, folder)],
           [(10, 1), (30, 1), (40, 0), (50, 0), (60, 1)])


def check_session(program, folder):
    one = plain()
    one.add(0, 10, "net_dev_queue", [1, 1], [1, 2, "lo"])
    one.write(folder / "kernel")
    programs = Trace(LTTNG | {"domain": "ust"}, contexts=[("s32", "vtid")])
    programs.describe("my:event", [("u32", "x")])
    programs.add(0, 5, "my:event", [1], [1])
    programs.write(folder / "ust" / "uid" / "0" / "64-bit")
    expect("a session, kernel and programs", [(one["time_ns"], one["event"]) for one in events(program, folder)],
           [(10, "net:net_dev_queue")])


def check_wakeup(program, folder):
    for number, (environment, name, wanted) in enumerate([
            (LTTNG, "sched_wakeup", "sched:sched_waking"),
            (LTTNG | {"tracer_name": "perf"}, "sched:sched_wakeup", "sched:sched_wakeup"),
            (LTTNG | {"sockscope_recorded_events": "sched:sched_wakeup"}, "sched_wakeup", "sched:sched_wakeup")]):
        trace = Trace(environment, contexts=[("s32", "vtid")])
        trace.describe(name, [("s32", "tid")])
        trace.add(0, 10, name, [5], [6])
        trace.write(folder / str(number))
        expect("a wake-up", [one["event"] for one in events(program, folder / str(number))], [wanted])


def check_recorded_names(program, folder):
    trace = plain(environment=LTTNG | {"sockscope_recorded_events": "net:" + 70_000 * "x" + r" net:a\nID:\t1 net:a_ID:_1"})
    trace.add(0, 10, "net_dev_queue", [1, 1], [1, 2, "lo"])
    trace.write(folder)
    done = subprocess.run([program, "events", "--event", "none", str(folder)], capture_output=True, text=True, check=True)
    expect("names that no kernel has", done.stderr.split(": it has ")[1],
           f"sched:sched_switch, net:net_dev_queue, net:{200 * 'x'}, net:a_ID__1\n")


def check_many_classes(program, folder):
    trace = plain()
    for number in range(12_000):
        trace.describe(f"same_{number}", [("u32", f"field{number}")])
    trace.add(0, 10, "net_dev_queue", [1, 1], [1, 2, "lo"])
    trace.write(folder)
    metadata = folder / "metadata"
    metadata.write_text(re.sub(r'"same_\d+"', '"same"', metadata.read_text()))
    begin = time.monotonic()
    found = len(events(program, folder))
    expect("12000 kinds of one name within 10 s", (found, time.monotonic() - begin < 10), (1, True))


def check_rotated(program, folder):
    for number in range(2):
        chunk = plain()
        chunk.add(0, 10 + number, "net_dev_queue", [1, 1], [1, 2, "lo"])
        chunk.write(folder / "archives" / f"20261125T120000-{number}" / "kernel")
    expect("a session in chunks", [one["time_ns"] for one in events(program, folder)], [10, 11])


def check_states(program, folder):
    trace = plain()
    for state, time in [(0, 10), (1, 20), (2, 30), (0x100, 40)]:
        trace.add(0, time, "sched_switch", [5, 5], ["a", 5, 20, state, "b", 6, 20])
    trace.write(folder)
    lines = output(program, "events", folder).splitlines()
    expect("states", [line.split("prev_state=")[1].split()[0] for line in lines], ["0(R)", "1(S)", "2(D)", "256(R+)"])


def main():
    program = sys.argv[1]
    checks = [check for name, check in globals().items() if name.startswith("check_")]
    with tempfile.TemporaryDirectory() as scratch:
        for number, check in enumerate(checks):
            check(program, Path(scratch) / str(number))


if __name__ == "__main__":
    main()
