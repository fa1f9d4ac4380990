#!/usr/bin/env python3
"""Times the page, slow and the exports against report --format json: make -f Makefile.perf bench-pages.

Records a run of a million messages over TCP, 1.5 GB, and a shorter one with call chains; then reads them, warm, in
turns, and takes the medians. Judged are the page's and slow's time by that of the JSON, everybody's memory beside the
mapped recording, and the page's size (docs/performance.md). Status 1: a target was missed.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from bench_engine import MB, MOST_ANONYMOUS_KB, Run, show_progress

MESSAGES = 1_000_000
ROUND_TRIPS = {"path": 540_000, "stacks": 30_000}  # of a run with that event set: 1.5 GB, 0.2 GB
JUDGED = ["json", "html", "slow"]
EXPORTS = ["csv", "jsonl", "perfetto", "ctf"]
RECORD_ATTEMPTS = 3
MOST_TIMES_JSON = 2.0
MOST_PAGE_BYTES = 2 * MB


def record_lossless(program, directory, events):
    """Up to three times, since a machine that has other things to do may make perf lose some."""
    for attempt in range(RECORD_ATTEMPTS):
        path = record(program, directory / f"{events}-{attempt}", events)
        if attempt + 1 == RECORD_ATTEMPTS or facts_of(program, path)["lost_events"] == 0:
            return path
        shutil.rmtree(path)


def record(program, path, events):
    command = [program, "record", "--proto", "tcp", "--events", events, "--count", str(ROUND_TRIPS[events]), path]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"bench-pages: {done.stderr.strip()}")
    return path


def facts_of(program, recording):
    """How many messages it has, and how many events it lacks."""
    text = subprocess.run([program, "report", recording, "--format", "json"], stdout=subprocess.PIPE, check=True).stdout
    report = json.loads(text)
    messages = sum(one["traced"]["matched"] for one in report["protocols"].values() if "traced" in one)
    return {"messages": messages, "lost_events": report["data_quality"]["lost_events"], "bytes": size_of(recording)}


def size_of(path):
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.exists() else 0


class Reading:
    """The runs of one kind on one recording."""

    def __init__(self, program, recording, kind, directory):
        self.output = directory / f"output.{kind}"
        chosen = ["slow", recording] if kind == "slow" else ["report", recording, "--format", kind]
        self.command = [program, *chosen, "-o", self.output]
        self.runs = []
        self.anonymous_kb = 0
        self.written = 0

    def run(self, sample_memory=False):
        one = Run(self.command, sample_memory)
        if sample_memory:
            self.anonymous_kb = one.anonymous_kb
        else:
            self.runs.append(one)
        self.written = size_of(self.output)
        if self.output.is_dir():
            shutil.rmtree(self.output)
        else:
            self.output.unlink()

    def result(self):
        return {"seconds": statistics.median(run.seconds for run in self.runs),
                "cpu_seconds": statistics.median(run.cpu_seconds for run in self.runs),
                "peak_rss_kb": max(run.peak_rss_kb for run in self.runs),
                "peak_anonymous_kb": self.anonymous_kb, "written": self.written}


def measure(program, recording, kinds, turns, directory):
    subprocess.run(["find", recording, "-type", "f", "-exec", "cat", "{}", "+"], stdout=subprocess.DEVNULL, check=True)
    readings = {kind: Reading(program, recording, kind, directory) for kind in kinds}
    for turn in range(turns):
        for kind, reading in readings.items():
            show_progress(f"{turn + 1} of {turns}: {kind}")
            reading.run()
    for kind, reading in readings.items():
        show_progress(f"memory: {kind}")
        reading.run(sample_memory=True)
    show_progress("")
    return {kind: reading.result() for kind, reading in readings.items()}


def print_table(name, facts, results):
    print(f"\n{name}: {facts['bytes'] / MB:,.0f} MB, {facts['messages']:,} messages, {facts['lost_events']} events lost")
    print(f"{'':10}{'seconds':>9}{'x json':>8}{'of CPUs':>9}{'x json':>8}{'peak RSS MB':>13}{'anonymous MB':>14}"
          f"{'written MB':>12}")
    base = results["json"]
    for kind, one in results.items():
        print(f"{kind:10}{one['seconds']:9.3f}{one['seconds'] / base['seconds']:8.2f}{one['cpu_seconds']:9.3f}"
              f"{one['cpu_seconds'] / base['cpu_seconds']:8.2f}{one['peak_rss_kb'] / 1024:13,.0f}"
              f"{one['peak_anonymous_kb'] / 1024:14.1f}{one['written'] / MB:12,.2f}")


def verdict(target, measured, limit, at_least=False):
    return {"target": target, "measured": measured, "limit": limit,
            "holds": measured >= limit if at_least else measured <= limit}


def judge(facts, results):
    base = results["json"]
    verdicts = [verdict(f"{kind}: seconds by json's", results[kind]["seconds"] / base["seconds"], MOST_TIMES_JSON)
                for kind in ("html", "slow")]
    verdicts += [verdict(f"{kind}: anonymous MB", one["peak_anonymous_kb"] / 1024, MOST_ANONYMOUS_KB / 1024)
                 for kind, one in results.items()]
    verdicts.append(verdict("html: MB of the page", results["html"]["written"] / MB, MOST_PAGE_BYTES / MB))
    verdicts.append(verdict("events lost", facts["lost_events"], 0))
    return verdicts


def print_verdicts(verdicts):
    print(f"\n{'to be reached':32}{'measured':>12}{'limit':>12}")
    for one in verdicts:
        print(f"{one['target']:32}{one['measured']:12,.3f}{one['limit']:12,.0f}  {'holds' if one['holds'] else 'MISSED'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path, help="sockscope")
    parser.add_argument("--recording", type=pathlib.Path, help="this run directory or perf.data, instead of a new one")
    parser.add_argument("--turns", type=int, default=5, help="of json, html and slow; the exports have two [5]")
    parser.add_argument("--without-exports", action="store_true", help="json, html and slow only")
    parser.add_argument("--output", required=True, type=pathlib.Path, help="the tables as JSON")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    measured = {}
    with tempfile.TemporaryDirectory(prefix="bench-pages-", dir=arguments.output.parent) as name:
        directory = pathlib.Path(name)
        recording = arguments.recording or record_lossless(program, directory, "path")
        facts = facts_of(program, recording)
        results = measure(program, recording, JUDGED, arguments.turns, directory)
        verdicts = judge(facts, results)
        if arguments.recording is None:
            verdicts.append(verdict("messages, at least", facts["messages"], MESSAGES, at_least=True))
        measured["page and slow"] = {"facts": facts, "results": results}
        if not arguments.without_exports:
            exported = measure(program, recording, ["json", *EXPORTS], 2, directory)
            measured["exports"] = {"facts": facts, "results": exported}
            stacks = record_lossless(program, directory, "stacks")
            measured["exports of call chains"] = {
                "facts": facts_of(program, stacks), "results": measure(program, stacks, ["json", "folded"], 2, directory)}
            verdicts += [verdict(f"{kind}: anonymous MB", one["peak_anonymous_kb"] / 1024, MOST_ANONYMOUS_KB / 1024)
                         for part in ("exports", "exports of call chains")
                         for kind, one in measured[part]["results"].items() if kind != "json"]
    for part, one in measured.items():
        print_table(part, one["facts"], one["results"])
    print_verdicts(verdicts)
    arguments.output.write_text(json.dumps({"schema": "sockscope.bench-pages/1", "measured": measured,
                                            "targets": verdicts}, indent=1) + "\n")
    return 0 if all(one["holds"] for one in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
