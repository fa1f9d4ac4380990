"""Holds `sockscope report` of function_graph text against another reading of it: brackets alone, no depths, no limits.

check_text.py PROGRAM FILE...    for traces whose every call begins and ends in them; status 77 if there is no FILE
"""
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

CALL = re.compile(r"^ *(\d+)\) .?.?\s*(?:([\d.]+) us)?\s*\|  ( *)(.*?)\s*$")
SWITCH = re.compile(r"^ *(\d+)\) +\S+-(\d+) +=> +\S+-(\d+) *$")


def nanoseconds(text):
    us, _, fraction = text.partition(".")
    return int(us) * 1000 + int((fraction + "000")[:3])


def read(path):
    """Calls of each function, and the stacks' self times, from the text alone."""
    calls, total, self_time, stacks = (defaultdict(int) for _ in range(4))
    running, opened, outermost = {}, defaultdict(list), 0

    def end(stack, name, ns):
        nonlocal outermost
        inner = stack.pop() if stack and stack[-1][0] is name else None
        within = inner[1] if inner else 0
        path = ";".join([frame[0] for frame in stack] + [name])
        calls[name] += 1
        if name not in [frame[0] for frame in stack]:
            total[name] += ns
        self_time[name] += ns - within
        stacks[path] += ns - within
        if stack:
            stack[-1][1] += ns
        else:
            outermost += ns

    for line in path.read_text().splitlines():
        if switch := SWITCH.match(line):
            cpu, before, after = switch.groups()
            if cpu not in running and f"first of {cpu}" in opened:
                opened[(before, cpu if before == "0" else "")] = opened.pop(f"first of {cpu}")
            running[cpu] = (after, cpu if after == "0" else "")
        elif call := CALL.match(line):
            cpu, duration, _, body = call.groups()
            stack = opened[running.get(cpu, f"first of {cpu}")]
            if body.endswith("{"):
                stack.append([body[: body.index("(")], 0])
            elif body.startswith("}"):
                end(stack, stack[-1][0], nanoseconds(duration))
            else:
                end(stack, body[: body.index("(")], nanoseconds(duration))
    left = sum(len(stack) for stack in opened.values())
    if left:
        raise SystemExit(f"{path}: {left} calls never end: this check is not for it")
    return calls, total, self_time, stacks, outermost


def report(program, path, form):
    return subprocess.run([program, "report", path, "--format", form], capture_output=True, check=True, text=True).stdout


def expect(what, ours, theirs):
    if ours != theirs:
        raise SystemExit(f"{what}: sockscope {ours}, this check {theirs}")


def check(program, path):
    calls, total, self_time, stacks, outermost = read(path)
    ours = json.loads(report(program, path, "json"))
    expect("functions", {f["name"] for f in ours["functions"]}, set(calls))
    for function in ours["functions"]:
        name = function["name"]
        expect(name, (function["calls"], function["total_ns"], function["self_ns"]),
               (calls[name], total[name], self_time[name]))
    expect("calls", ours["calls"], sum(calls.values()))
    expect("outermost", ours["outermost_ns"], outermost)
    expect("laws", [law["holds"] for law in ours["laws"]], [True, True])
    expect("complete", ours["data_quality"]["complete"], True)
    folded = {}
    for line in report(program, path, "folded").splitlines():
        stack, _, weight = line.rpartition(" ")
        folded[stack] = int(weight)
    expect("stacks", folded, {stack: ns for stack, ns in stacks.items() if ns > 0})
    print(f"{path.name}: {ours['calls']} calls of {len(calls)} functions in {len(stacks)} stacks, {outermost} ns")


def main():
    files = [Path(name) for name in sys.argv[2:]]
    if not any(file.exists() for file in files):
        print("no fixtures")
        raise SystemExit(77)
    for file in files:
        check(sys.argv[1], file)


main()
