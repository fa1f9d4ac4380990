"""Recordings as CTF, read back: the JSON of `sockscope report` and of `sockscope slow` is that of the perf.data, number for
number.

    read_back.py SOCKSCOPE MODE RECORDING...

MODE perf: by `perf data convert --to-ctf`; own: by `sockscope report --format ctf`; status 77 where none of the
recordings is there, or perf cannot convert.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

# What a perf.data alone can tell, by the path in the JSON. CTF has no records but events: no PERF_RECORD_SWITCH, and a
# merge that has put all into order.
ONLY_IN_PERF_DATA = [
    ("title",),
    ("path",),
    ("environment", "perf"),
    ("environment", "tracer"),
    ("environment", "cpu"),
    ("data_quality", "out_of_order_records"),
]


def report(program, path, command="report"):
    done = subprocess.run([program, command, "--format", "json", str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{path}: status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def drop(summary, path):
    for member in path[:-1]:
        summary = summary.get(member, {})
    summary.pop(path[-1], None)


def differences(one, other, path=""):
    if isinstance(one, dict) and isinstance(other, dict):
        return [line for name in one.keys() | other.keys()
                for line in differences(one.get(name), other.get(name), f"{path}.{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [line for index, pair in enumerate(zip(one, other)) for line in differences(*pair, f"{path}[{index}]")]
    return [] if one == other else [f"{path}: {one} and {other}"]


def numbers_in(value):
    if isinstance(value, dict):
        return sum(numbers_in(one) for one in value.values())
    return sum(numbers_in(one) for one in value) if isinstance(value, list) else isinstance(value, int | float)


def convert(program, mode, recording, folder):
    if mode == "own":
        command = [program, "report", str(recording), "--format", "ctf", "-o", str(folder)]
    else:
        command = ["perf", "data", "convert", "-i", str(recording), f"--to-ctf={folder}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not (folder / "metadata").exists():
        print(f"{recording}: {command[0]} cannot: {done.stderr}")
        return False
    return True


def check(program, mode, recording, folder):
    if not convert(program, mode, recording, folder):
        return None
    count = 0
    for command in ("report", "slow"):
        one, other = report(program, recording, command), report(program, folder, command)
        for path in ONLY_IN_PERF_DATA:
            drop(one, path)
            drop(other, path)
        found = differences(one, other)
        if found:
            raise SystemExit(f"{recording}, {mode}, {command}:\n" + "\n".join(sorted(found)))
        count += numbers_in(one)
    print(f"{recording}, {mode}: {count} numbers are the same")
    return count


def main():
    program, mode, *paths = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        counts = [check(program, mode, Path(path), Path(scratch) / str(number))
                  for number, path in enumerate(paths) if Path(path).exists()]
    if not any(counts):
        print("none of the recordings is there, or none could be converted")
        raise SystemExit(77)


if __name__ == "__main__":
    main()
