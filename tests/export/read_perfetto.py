#!/usr/bin/env python3
"""The Perfetto trace that `sockscope report --format perfetto` gives, decoded by protoc: slices, arrows and thread states
are counted and added up, and held against the messages' table and the context switches of the summary.

    read_perfetto.py SOCKSCOPE RUN_DIRECTORY...
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

FOLDER = Path(__file__).parent
LINE = re.compile(r"(\w+)(?:: (.*)| \{)")
STAGES = {"send": "send_ns", "device": "device_ns", "backlog": "backlog_ns", "receive": "receive_ns",
          "wake-up": "wake_up_ns", "deliver": "deliver_ns"}
SLEEPS = {"INTERRUPTIBLE_SLEEP", "UNINTERRUPTIBLE_SLEEP", "STOPPED", "DEAD"}


def parse(lines):
    """protoc's text: {name: [values]}."""
    message = defaultdict(list)
    for line in lines:
        line = line.strip()
        if line == "}":
            break
        match = LINE.fullmatch(line)
        name, value = match.groups()
        if name.isdigit():
            raise SystemExit(f"a field that perfetto.proto does not have: {line}")
        if value is None:
            message[name].append(parse(lines))
        elif value.startswith('"'):
            message[name].append(value[1:-1])
        else:
            message[name].append(int(value) if value.isdigit() else value)
    return message


def report(program, path, style):
    done = subprocess.run([program, "report", path, "--format", style], capture_output=True, check=True)
    if done.stderr:
        raise SystemExit(f"{path}: {done.stderr.decode()}")
    return done.stdout


def packets_of(program, path):
    text = subprocess.run(["protoc", "--decode=Trace", f"-I{FOLDER}", "perfetto.proto"], capture_output=True, check=True,
                          input=report(program, path, "perfetto"), cwd=FOLDER).stdout.decode()
    return parse(iter(text.splitlines()))["packet"]


class Check:
    def __init__(self, path):
        self.path = path

    def equal(self, what, one, other):
        if one != other:
            raise SystemExit(f"{self.path}: {what}: {one} and {other}")


def slices_of(check, packets):
    """[(begin, end, track, name, flow, arguments)], each closed, none of a track crossing another."""
    slices, open_slices = [], defaultdict(list)
    events = [(packet["timestamp"][0], packet["track_event"][0]) for packet in packets if packet["track_event"]]
    for time, event in sorted(events, key=lambda one: one[0]):  # stable, as Perfetto sorts
        track = event["track_uuid"][0]
        if event["type"] == ["TYPE_SLICE_BEGIN"]:
            arguments = {one["name"][0]: one["uint_value"][0] for one in event["debug_annotations"]}
            open_slices[track].append((time, track, event["name"][0], event["flow_ids"], arguments))
        else:
            begin, track, name, flow, arguments = open_slices[track].pop()
            slices.append((begin, time, track, name, flow, arguments))
    check.equal("slices that do not end", sum(map(len, open_slices.values())), 0)
    return slices


def check_tracks(check, packets, slices):
    """Each track is described, and those of messages hang below the thread that sent or received them."""
    described = {one["uuid"][0]: one for packet in packets for one in packet["track_descriptor"]}
    check.equal("tracks without a description", {track for _, _, track, *_ in slices} - described.keys(), set())
    for track in {track for _, _, track, *_ in slices}:
        thread = described[described[track]["parent_uuid"][0]]["thread"][0]
        check.equal("thread of a track has a name", bool(thread["thread_name"]), True)
    return {track: described[one["parent_uuid"][0]]["thread"][0]["tid"][0]
            for track, one in described.items() if one["parent_uuid"]}


def check_messages(check, rows, slices, threads):
    halves = defaultdict(list)
    for one in slices:
        for flow in one[4]:
            halves[flow].append(one)
    check.equal("arrows and messages", len(halves), len(rows))
    check.equal("slices and messages", sum(len(one[4]) for one in slices), 2 * len(rows))
    found = []
    for sent, received in (sorted(pair) for pair in halves.values()):
        check.equal("an arrow's ends meet", sent[1], received[0])
        kind = sent[3].removeprefix("send ")
        check.equal("both ends are of one message", received[3], f"receive {kind}")
        found.append((kind, threads[sent[2]], threads[received[2]], sent[0], received[1] - sent[0],
                      sent[5]["one_way_ns"], received[5]["exchange"]))
    of_rows = [(row["direction"], *((row["client_tid"], row["server_tid"]) if row["direction"] == "request" else
                                    (row["server_tid"], row["client_tid"])),
                row["send_enter_ns"], row["one_way_ns"], row["one_way_ns"], row["exchange"]) for row in rows]
    check.equal("messages", sorted(found), sorted(of_rows))
    for stage, column in STAGES.items():
        times = sorted(end - begin for begin, end, _, name, *_ in slices if name == stage)
        check.equal(stage, times, sorted(row[column] for row in rows if row[column] is not None))


def states_of(check, packets):
    """{tid: [(time, state)]}, of which no two that follow one another are the same."""
    states = defaultdict(list)
    for packet in packets:
        for event in packet["generic_kernel_task_state_event"]:
            states[event["tid"][0]].append((packet["timestamp"][0], event["state"][0].removeprefix("TASK_STATE_")))
    for tid, of_thread in states.items():
        check.equal(f"{tid} is in a state twice", [a for a, b in zip(of_thread, of_thread[1:]) if a[1] == b[1]], [])
        check.equal(f"{tid} is in order", of_thread, sorted(of_thread, key=lambda one: one[0]))
    return states


def check_switches(check, states, end, counts):
    """Those of an end while it was measured: as the summary and getrusage(2) have them."""
    voluntary = involuntary = 0
    before = "RUNNING"
    for time, state in states[end["tid"]]:
        if before == "RUNNING" and end["start_ns"] <= time <= end["end_ns"]:
            voluntary += state in SLEEPS
            involuntary += state == "RUNNABLE"
        before = state
    found = (voluntary, involuntary)
    check.equal("context switches, trace", found, (counts["voluntary"], counts["involuntary"]))
    check.equal("context switches, getrusage", found, (counts["getrusage_voluntary"], counts["getrusage_involuntary"]))
    return found


def check_path(program, path):
    check = Check(path)
    packets = packets_of(program, path)
    rows = [json.loads(line) for line in report(program, path, "jsonl").splitlines()]
    slices = slices_of(check, packets)
    check_messages(check, rows, slices, check_tracks(check, packets, slices))
    states = states_of(check, packets)
    run = json.loads((Path(path) / "run.json").read_text())["runs"][0]
    counts = json.loads(report(program, path, "json"))["protocols"][run["protocol"]]["context_switches"]
    switches = [check_switches(check, states, run[end], counts[end]) for end in ("client", "server")]
    print(f"{path}: {len(packets)} packets, {len(slices)} slices, {len(rows)} messages, {switches} switches")


def main():
    program, *paths = sys.argv[1:]
    for path in paths:
        check_path(program, path)


main()
