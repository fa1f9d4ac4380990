"""The same recording as each generation of LTTng would have made it, read by `sockscope report`: stages, switches and
system calls are those of the perf.data. LTTng has no tracepoint at sockets: they are inferred, and without
sock:sk_data_ready a message that nobody slept for has no `receive` of its own.

    lttng_generations.py SOCKSCOPE RECORDING...
"""

import copy
import sys
import tempfile
from pathlib import Path

DIFFERENTIAL = Path(__file__).parent.parent / "differential"
sys.path.append(str(DIFFERENTIAL))

from lttng_names import GENERATIONS, lttng_trace  # noqa: E402
from read_back import differences, drop, report  # noqa: E402
from sockscope_events import events_of  # noqa: E402

# Of the machine, which is said to be another; and the two stages between which sk_data_ready stands.
OF_PERF_ALONE = [("title",), ("environment",)]
AT_DATA_READY = ("receive", "deliver")
# What begins at a wake-up or counts them: on an idle CPU sched_wakeup may be invisible where sched_waking is not.
FROM_WAKE_UP_ON = (".runnable_ns:", ".sleeping_ns:", ".sch_delay_ns", ".unmatched_wakeups:", ".totals.wakeups:")


def merged(summary):
    """`receive` and `deliver` of each direction as one: their sum is the same with and without what stands between."""
    summary = copy.deepcopy(summary)
    for protocol in summary["protocols"].values():
        sums = {}
        stages = []
        for stage in protocol["stages"]:
            if stage["name"] in AT_DATA_READY:
                sums[stage["direction"]] = sums.get(stage["direction"], 0) + stage["sum_ns"]
            else:
                stages.append(stage)
        protocol["stages"] = stages
        protocol["received_and_delivered_ns"] = sums
    for path in OF_PERF_ALONE:
        drop(summary, path)
    return summary


def slept_for(summary):
    """How many messages somebody slept for, by direction: who was woken."""
    return {(stage["direction"]): stage["count"] for protocol in summary["protocols"].values()
            for stage in protocol["stages"] if stage["name"] == "wake-up"}


def received(summary):
    return {(stage["direction"]): stage["count"] for protocol in summary["protocols"].values()
            for stage in protocol["stages"] if stage["name"] == "receive"}


def without_wakings(summary):
    """Where sched_wakeup stands for sched_waking, wake-ups begin later and are counted otherwise."""
    for protocol in summary["protocols"].values():
        protocol.pop("received_and_delivered_ns")
        protocol["stages"] = [stage for stage in protocol["stages"] if stage["name"] != "wake-up"]
        protocol["per_round_trip"].pop("wakeups", None)
    return summary


def check(program, recording, folder):
    perf = report(program, recording)
    events = events_of(program, recording)
    for number, generation in enumerate(GENERATIONS):
        if not generation.contexts and perf["data_quality"]["unmatched_wakeups"] != 0:
            print(f"{recording}: some switches are invisible in it, so nothing tells the threads but contexts")
            continue
        trace = lttng_trace(events, generation).write(folder / str(number) / "kernel")
        lttng = report(program, trace.parent)
        what = f"{recording}, LTTng {generation.version}, {len(generation.contexts)} contexts"
        if lttng["environment"] != {"tracer": "lttng-modules {}.{}".format(*generation.version), "kernel": "6.1.0-lab"}:
            raise SystemExit(f"{what}: environment {lttng['environment']}")
        if not generation.wakings:
            found = differences(without_wakings(merged(perf)), without_wakings(merged(lttng)))
            found = [line for line in found if not any(name in line for name in FROM_WAKE_UP_ON)]
        else:
            found = differences(merged(perf), merged(lttng))
            # Where a switch onto a CPU is invisible, a wake-up has no end, though it is where `receive` ends.
            if perf["data_quality"]["unmatched_wakeups"] == 0 and received(lttng) != slept_for(perf):
                found.append(f"receive: {received(lttng)}, and {slept_for(perf)} were woken")
        if found:
            raise SystemExit(f"{what}:\n" + "\n".join(sorted(found)))
        print(f"{what}: the same")


def main():
    program, *recordings = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        for number, recording in enumerate(recordings):
            check(program, Path(recording), Path(scratch) / str(number))


if __name__ == "__main__":
    main()
