#!/usr/bin/env python3
"""The folded stacks that `sockscope report --format folded` gives of a recording made now, held against those that
`perf script` gives of it: each chain, address by address, named by the kallsyms of this kernel.

    read_folded.py SOCKSCOPE        status 77 where call chains cannot be recorded
"""

import bisect
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

# Where perf's chains go from the kernel into the program: addresses of the upper half are the kernel's.
FIRST_OF_KERNEL = 1 << 63


def functions():
    """Their addresses, ascending, and the first name at each."""
    names = defaultdict(list)
    for line in Path("/proc/kallsyms").read_text(encoding="ascii").splitlines():
        address, kind, name = line.split()[:3]
        if kind in "tTwW":
            names[int(address, 16)].append(name)
    return zip(*sorted((address, of_it[0]) for address, of_it in names.items()))


def samples_of(recording):
    """[(comm, event, [address, innermost first])], as perf has them."""
    text = subprocess.run(["perf", "script", "-i", recording, "-F", "comm,event,ip"], capture_output=True, check=True,
                          text=True).stdout
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if lines:
            comm, event = re.fullmatch(r"\s*(.*?)\s+(\S+:\S+):\s*", lines[0]).groups()
            yield comm, event, [int(line, 16) for line in lines[1:]]


def stack_of(comm, event, addresses, starts, names):
    """A line without its count. Of several functions at one place the first counts. No chain comes back from the program
    into the kernel: what looks like it was read from a stack of code without frame pointers."""
    frames = []
    for number, address in enumerate(addresses):
        if address < FIRST_OF_KERNEL or frames[-1:] == ["[user]"]:
            if frames[-1:] != ["[user]"]:
                frames.append("[user]")
            continue
        within = address if number == 0 else address - 1
        frames.append(names[bisect.bisect_right(starts, within) - 1])
    return ";".join([comm, *reversed(frames), event])


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        recorded = subprocess.run([program, "record", "--proto", "tcp", "--count", "300", "--events", "stacks", run],
                                  capture_output=True, text=True)
        if recorded.returncode == 3:
            print(recorded.stderr)
            raise SystemExit(77)
        recorded.check_returncode()
        starts, names = functions()
        theirs = Counter(stack_of(*sample, starts, names) for sample in samples_of(run / "tcp-1.perf.data"))
        for path in (run, run / "tcp-1.perf.data"):  # the kernel's functions as they are kept, and as they are
            text = subprocess.run([program, "report", path, "--format", "folded"], capture_output=True, check=True,
                                  text=True).stdout
            ours = Counter({line.rsplit(" ", 1)[0]: int(line.rsplit(" ", 1)[1]) for line in text.splitlines()})
            if ours != theirs:
                raise SystemExit(f"{path}: ours alone {ours - theirs}\nperf's alone {theirs - ours}")
        if not any(stack.startswith("echo-client;[user];") and "tcp_sendmsg" in stack for stack in ours):
            raise SystemExit("no stack of the client goes through tcp_sendmsg")
        print(f"{sum(ours.values())} samples in {len(ours)} stacks")


main()
