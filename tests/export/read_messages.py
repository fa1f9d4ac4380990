#!/usr/bin/env python3
"""The messages that `sockscope report --format csv` and `jsonl` give, read back by Python's own readers and held against
each other and against the summary of the same recordings: rows counted, columns added up.

    read_messages.py SOCKSCOPE RESULTS_README PATH...
"""

import csv
import io
import json
import re
import subprocess
import sys

TEXTS = {"variant", "direction", "protocol"}
STAGES = {"send": "send_ns", "device": "device_ns", "backlog": "backlog_ns", "receive": "receive_ns",
          "wake-up": "wake_up_ns", "deliver": "deliver_ns"}


def report(program, path, style):
    done = subprocess.run([program, "report", path, "--format", style], capture_output=True, check=True, text=True)
    if done.stderr:
        raise SystemExit(f"{path}: {done.stderr}")
    return done.stdout


def rows_of_csv(text):
    def value(name, cell):
        return (cell if name in TEXTS else int(cell)) if cell else None

    return [{name: value(name, cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]


def rows_of_json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


def documented_columns(readme):
    """Those of the table in results/README.md."""
    with open(readme, encoding="utf-8") as file:
        table = file.read().split("<!-- columns of messages -->")[1].split("<!-- end")[0]
    names = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in table.splitlines() if line.startswith("| `")]
    return [name for line in names for name in line]


def total(rows, name):
    return sum(row[name] for row in rows if row[name] is not None)


class Check:
    def __init__(self, path):
        self.path = path
        self.made = 0

    def equal(self, what, one, other):
        self.made += 1
        if one != other:
            raise SystemExit(f"{self.path}: {what}: {one} and {other}")


def check_sums(check, rows):
    """What a round trip is made of adds up to it, to the nanosecond."""
    for row in rows:
        check.equal("stages and one-way time", sum(row[name] or 0 for name in STAGES.values()), row["one_way_ns"])
    parts = total(rows, "one_way_ns") + total(rows, "turn_around_ns")
    check.equal("parts and round trips", parts, total(rows, "rtt_ns"))


def check_stage(check, rows, stage):
    """A stage of one direction: the server's turn-around stands in the response's row."""
    direction = "response" if stage["direction"] == "server" else stage["direction"]
    name = "turn_around_ns" if stage["direction"] == "server" else STAGES[stage["name"]]
    times = [row[name] for row in rows if row["direction"] == direction]
    present = [time for time in times if time is not None]
    what = f"{stage['direction']} {stage['name']}"
    check.equal(f"{what}, count", len(present), stage["count"])
    check.equal(f"{what}, absent", len(times) - len(present), stage["absent"])
    if present:
        rounded = (2 * sum(present) + len(present)) // (2 * len(present))
        check.equal(f"{what}, mean", rounded, stage["mean_ns"])


def check_variant(check, rows, protocol):
    traced = protocol["traced"]
    trips = [row["rtt_ns"] for row in rows if row["rtt_ns"] is not None]
    check.equal("round trips", len(trips), traced["rtt_ns"]["count"])
    check.equal("shortest", min(trips), traced["rtt_ns"]["min"])
    check.equal("longest", max(trips), traced["rtt_ns"]["max"])
    check.equal("messages", len(rows), traced["matched"])
    for stage in protocol["stages"]:
        check_stage(check, rows, stage)


def check_path(program, path, columns):
    check = Check(path)
    rows = rows_of_csv(report(program, path, "csv"))
    check.equal("CSV and JSON Lines", rows, rows_of_json_lines(report(program, path, "jsonl")))
    check.equal("columns and those of results/README.md", list(rows[0]), columns)
    check_sums(check, rows)
    protocols = json.loads(report(program, path, "json"))["protocols"]
    for name, protocol in protocols.items():
        check_variant(check, [row for row in rows if row["variant"] in (name, None)], protocol)
    print(f"{path}: {len(rows)} rows, {check.made} checks")
    return check.made


def main():
    program, readme, *paths = sys.argv[1:]
    columns = documented_columns(readme)
    if sum(check_path(program, path, columns) for path in paths) == 0:
        raise SystemExit("nothing was checked")


main()
