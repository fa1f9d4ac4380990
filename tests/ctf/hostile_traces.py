"""CTF traces that are damaged or were made to do harm: `sockscope report` says one sentence that names the trace, exits
with 4 and leaves nothing behind. Each case is one change to a trace that is read, which is checked first.

    hostile_traces.py SOCKSCOPE
"""

import os
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from ctf_trace import LTTNG, Trace

SWITCH = [("text16", "prev_comm"), ("s32", "prev_tid"), ("s32", "prev_prio"), ("s64", "prev_state"),
          ("text16", "next_comm"), ("s32", "next_tid"), ("s32", "next_prio")]
WAKING = [("text16", "comm"), ("s32", "tid"), ("s32", "prio"), ("s32", "target_cpu")]
STREAM = "channel0_0"


def value_of(kind):
    return [0] * 4 if kind.endswith("]") else "" if kind.startswith(("text", "str")) else 0


def trace_of(switch=None, environment=None, times=range(1000, 21000, 1000), **options):
    trace = Trace(environment, contexts=[("s32", "vtid"), ("s32", "vpid")], **options)
    fields = SWITCH if switch is None else switch
    trace.describe("sched_switch", fields)
    trace.describe("sched_waking", WAKING)
    for time in times:
        values = {"prev_comm": "a", "next_comm": "b", "prev_tid": 1, "next_tid": 2}
        trace.add(0, time, "sched_switch", [1, 1],
                  [values[name] if (kind, name) in SWITCH and name in values else value_of(kind)
                   for kind, name in fields])
        trace.add(0, time + 1, "sched_waking", [1, 1], ["b", 2, 120, 0])
    return trace


def changed(name, change, trace=None):
    """A trace with one of its files changed: bytes to bytes."""
    def make(folder):
        (trace or trace_of()).write(folder)
        (folder / name).write_bytes(change((folder / name).read_bytes()))
    return make


def text_changed(old, new):
    def change(text):
        assert text.count(old) >= 1, old
        return text.replace(old, new, 1)
    return changed("metadata", change)


def put(offset, form, value):
    return changed(STREAM, lambda stream: stream[:offset] + struct.pack(form, value) +
                   stream[offset + struct.calcsize(form):])


def written(**options):
    return lambda folder: trace_of(**options).write(folder)


def empty(folder):
    folder.mkdir()


def only_metadata(text):
    def make(folder):
        folder.mkdir()
        (folder / "metadata").write_bytes(text)
    return make


def two_sessions(folder):
    trace_of().write(folder / "a" / "kernel")
    trace_of().write(folder / "b" / "kernel")
    metadata = folder / "b" / "kernel" / "metadata"
    metadata.write_text(metadata.read_text().replace("01234567", "11234567"))
    stream = folder / "b" / "kernel" / STREAM
    stream.write_bytes(stream.read_bytes().replace(b"\x01\x23\x45\x67", b"\x11\x23\x45\x67"))


def events_of_no_size(folder):
    """A packet of which no event takes a bit off: read in good faith, it has no end."""
    trace = Trace()
    trace.describe("nothing", [("u32", "x")])
    trace.add(0, 1000, "nothing", [], [1])
    trace.write(folder)
    text = (folder / "metadata").read_text()
    text = re.sub(r"event.header := struct \{.*?\} timestamp; \};", "event.header := struct { };", text, flags=re.S)
    (folder / "metadata").write_text(re.sub(r"fields := struct \{.*?\};\n", "fields := struct { };\n", text))


def without(name):
    return [field for field in SWITCH if field[1] != name]


def retyped(name, kind):
    return [(kind, one) if one == name else (of, one) for of, one in SWITCH]


def sequence_of(length):
    """A sequence that says it has so many elements."""
    def make(folder):
        trace = Trace(contexts=[("s32", "vtid"), ("s32", "vpid")])
        trace.describe("lttng_statedump_start", [("u64[]", "list")])
        trace.add(0, 1000, "lttng_statedump_start", [1, 1], [[1, 2, 3]])
        trace.write(folder)
        stream = (folder / STREAM).read_bytes()
        at = stream.index(struct.pack("<I", 3), FIRST_EVENT + EVENT)
        (folder / STREAM).write_bytes(stream[:at] + struct.pack("<I", length) + stream[at + 4:])
    return make


# offsets in the stream: the packet's header has 24 bytes, then timestamp_begin, timestamp_end, content_size, packet_size
CONTENT_SIZE, PACKET_SIZE, FIRST_EVENT = 24 + 16, 24 + 24, 24 + 44
EVENT = 12 + 8  # header and contexts

# What is said where the library crashes, and it may do so in these two cases alone: elsewhere it would be ours that does.
BREAKDOWN = "broke down"
MAY_CRASH = ("a packet of 2^64-8 bits", "a sequence of 2^32 elements")

# name: (how it is made, words of the sentence)
CASES = {
    "an empty directory": (empty, "neither run.json nor data nor a CTF trace's metadata"),
    "an empty metadata": (only_metadata(b""), "damaged"),
    "metadata of noise": (only_metadata(os.urandom(4096).replace(b"\x1e", b"x")), "damaged"),
    "metadata alone": (only_metadata(trace_of().metadata().encode()), "holds no event"),
    "metadata cut off": (changed("metadata", lambda text: text[:len(text) // 2]), "damaged"),
    "metadata nested deep": (only_metadata(b"/* CTF 1.8 */\ntrace { x := " + b"struct { " * 20000), "damaged"),
    "CTF 2": (only_metadata(b'\x1e{"type":"preamble","version":2}'), "CTF 2"),
    "a number of 10^9 bits": (text_changed(b"integer { size = 32; align = 8; signed = true; } _vtid",
                                           b"integer { size = 1000000000; align = 8; signed = true; } _vtid"), "damaged"),
    "a clock of 0 Hz": (text_changed(b"freq = 1000000000", b"freq = 0"), "damaged"),
    "a clock of no time that is": (text_changed(b"offset_s = 1700000000", b"offset_s = -9000000000"), "clock"),
    "a stream cut off in an event": (changed(STREAM, lambda stream: stream[:-7]), "damaged"),
    "a stream cut off in its header": (changed(STREAM, lambda stream: stream[:9]), "damaged"),
    "a stream of noise": (changed(STREAM, lambda stream: os.urandom(len(stream))), "damaged"),
    "a packet of no size": (put(PACKET_SIZE, "<Q", 0), "damaged"),
    "a packet larger than its file": (put(PACKET_SIZE, "<Q", 1 << 40), "damaged"),
    "a packet of 2^64-8 bits": (put(PACKET_SIZE, "<Q", (1 << 64) - 8), "damaged"),
    "more content than packet": (put(CONTENT_SIZE, "<Q", 1 << 40), "damaged"),
    "an event of no class": (put(FIRST_EVENT, "<I", 77), "damaged"),
    "times that go back": (written(times=[5000, 4000, 3000]), "older than the one before it"),
    "times that go back, packet by packet": (written(times=[5000, 3000], packet_events=2), "older than the one before it"),
    "a switch without prev_tid": (written(switch=without("prev_tid")), "sched:sched_switch has no number prev_pid"),
    "a switch without a name": (written(switch=without("prev_comm")), "sched:sched_switch has no text prev_comm"),
    "a thread's id that is a text": (written(switch=retyped("next_tid", "str")), "has no number next_pid"),
    "a state that is an array": (written(switch=retyped("prev_state", "s64[4]")), "has no number prev_state"),
    "a name that is a number": (written(switch=retyped("prev_comm", "u32")), "has no text prev_comm"),
    "a trace of programs": (written(environment=LTTNG | {"domain": "ust"}), "trace of programs"),
    "two sessions": (two_sessions, "2 traces that are not of one session"),
    "events of no size": (events_of_no_size, "more events than its files have bytes"),
    "a sequence of 2^32 elements": (sequence_of(0xFFFFFFFF), "damaged"),
    "a sequence longer than the rest": (sequence_of(100), "damaged"),
}


def check(program, name, make, words, folder):
    make(folder)
    files = sorted(folder.rglob("*"))
    done = subprocess.run([program, "report", str(folder)], capture_output=True, text=True, timeout=120, check=False)
    faults = []
    if done.returncode != 4:
        faults.append(f"status {done.returncode}")
    if done.stdout:
        faults.append("something on stdout")
    if not done.stderr.startswith(f"sockscope: {folder}") or done.stderr.count("\n") != 1:
        faults.append("not one sentence that names it")
    if BREAKDOWN in done.stderr and name not in MAY_CRASH:
        faults.append("a crash")
    if words not in done.stderr:
        faults.append(f"nothing of {words!r}")
    if any(not (" " <= character <= "~") for character in done.stderr[:-1]):
        faults.append("a character that no terminal should see")
    if sorted(folder.rglob("*")) != files:
        faults.append("files that were not there")
    print(f"{name}: {done.stderr[:-1]}")
    return [f"{name}: {', '.join(faults)}\n{done.stderr[:2000]}"] if faults else []


def check_sound(program, folder):
    trace_of().write(folder)
    subprocess.run([program, "events", str(folder)], check=True, stdout=subprocess.DEVNULL)


def main():
    program = sys.argv[1]
    faults = []
    with tempfile.TemporaryDirectory() as scratch:
        check_sound(program, Path(scratch) / "sound")
        for number, (name, (make, words)) in enumerate(CASES.items()):
            faults += check(program, name, make, words, Path(scratch) / str(number))
    if faults:
        raise SystemExit("\n".join(faults))
    print(f"{len(CASES)} traces refused")


if __name__ == "__main__":
    main()
