#!/usr/bin/env python3
"""How often the gate is wrong, and what it catches: identical code against itself, and seeded regressions.

    gate_study.py --program build/sockscope --state build/gate-study [--tries 50] [--aa 100] [--only NAME]
    gate_study.py --state build/gate-study --table        # for docs/gate.md

Each try is one gate; what it said is a line of STATE/tries.jsonl. A study that is started again goes on where it was
stopped. Each scenario has a baseline of its own, saved when it is first needed. Needs root: it traces, and the scenario
"loss" drops packets in a network namespace of its own.
"""
import argparse
import collections
import contextlib
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

VERDICTS = {0: "unchanged or better", 1: "regressed", 3: "cannot tell"}
NAMESPACE = "sockscope-gate-study"


@dataclasses.dataclass
class Scenario:
    """A plan, and what is done to it. No change and no wrapper: identical code."""

    name: str
    what: str
    plan: list[str]
    change: list[str] = dataclasses.field(default_factory=list)
    load: bool = False
    loss: bool = False
    # A tenth of the round trip more, as the baseline's own median says: the factor of it, 0.10.
    slower_by: float = 0
    of: str = "count"  # The class of figure that has to catch it.

    @property
    def is_identical(self):
        return not (self.change or self.loss or self.slower_by)


QUICK = ["--quick"]
# Each round trip takes 40 ms once Nagle is on, and each lost packet of TCP 200 ms.
WRITE_WRITE_READ = ["--rounds", "3", "--pattern", "write-write-read", "--count", "10", "--warm-up", "1"]
LOSSY = ["--rounds", "3", "--count", "500", "--timeout", "20"]
UNTRACED = ["--untraced"]  # Traced rounds do not decide about times.
STREAM = ["--quick", "--workload", "stream", "--size", "1400"]

SCENARIOS = [
    Scenario("aa", "identical code, quiet", []),
    Scenario("aa-load", "identical code, a busy loop on each CPU", [], load=True),
    Scenario("aa-quick", "identical code, --quick", QUICK),
    Scenario("aa-quick-load", "identical code, --quick, a busy loop on each CPU", QUICK, load=True),
    Scenario("syscall", "one system call more a message (--poll poll)", QUICK, ["--poll", "poll"]),
    Scenario("switch", "a thread between the two ends (--workload relay against echo)", QUICK, ["--workload", "relay"]),
    Scenario("nagle", "Nagle on with --pattern write-write-read", WRITE_WRITE_READ, ["--no-nodelay"]),
    Scenario("buffers", "buffers of 4 KB, stream", STREAM, ["--send-buffer", "4096", "--receive-buffer", "4096"]),
    Scenario("loss", "0.5 % loss by nftables", LOSSY, loss=True),
    Scenario("work-5", "+5 % busy work in the server's loop (--untraced)", UNTRACED, slower_by=0.05, of="time"),
    Scenario("work-10", "+10 % busy work in the server's loop (--untraced)", UNTRACED, slower_by=0.10, of="time"),
]


@contextlib.contextmanager
def competing_load(is_wanted):
    """A busy loop on each CPU that we may use."""
    loops = []
    try:
        if is_wanted:
            for cpu in sorted(os.sched_getaffinity(0)):
                loops.append(subprocess.Popen(["taskset", "-c", str(cpu), "sh", "-c", "while :; do :; done"]))
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


@contextlib.contextmanager
def namespace(is_wanted, with_loss):
    """Words that run a command in a network namespace of its own, of whose packets 0.5 % are lost or none."""
    if not is_wanted:
        yield []
        return
    # Not `ip netns exec`, which mounts a /sys without tracefs.
    inside = ["nsenter", f"--net=/run/netns/{NAMESPACE}"]
    subprocess.run(["ip", "netns", "add", NAMESPACE], check=True)
    try:
        subprocess.run([*inside, "ip", "link", "set", "lo", "up"], check=True)
        if with_loss:
            # Connections are made: a lost SYN takes a second, which is longer than the time-out of this scenario.
            rules = ("table inet study { chain in { type filter hook input priority 0; tcp flags syn accept; "
                     "tcp flags & (syn | ack) == syn | ack accept; "
                     "meta iifname lo meta l4proto { tcp, udp } numgen random mod 1000 < 5 drop; }; }")
            subprocess.run([*inside, "nft", "-f", "-"], input=rules, text=True, check=True)
        yield inside
    finally:
        subprocess.run(["ip", "netns", "delete", NAMESPACE], check=True)


class Study:
    def __init__(self, program, state):
        self.program = str(program)
        self.state = state
        self.state.mkdir(parents=True, exist_ok=True)
        self.log = self.state / "tries.jsonl"

    def tries(self):
        if not self.log.exists():
            return []
        # A study that was killed may have left half a line.
        lines = [line for line in self.log.read_text().splitlines() if line.endswith("}")]
        return [json.loads(line) for line in lines]

    def baseline(self, scenario):
        """Of the unchanged plan. Scenarios with the same plan share it; a lossy one has it from its own namespace."""
        kind = "lossless" if scenario.loss else "plain"
        path = self.state / f"{kind}-{'_'.join(scenario.plan).replace('/', '') or 'default'}.json"
        if not path.exists():
            with namespace(scenario.loss, with_loss=False) as inside:
                subprocess.run([*inside, self.program, "baseline", "save", "study", "-o", str(path), *scenario.plan],
                               check=True, stdout=subprocess.DEVNULL)
        return path

    def injected(self, scenario, baseline):
        """The delay in nanoseconds: of the middle of UDP's median round trips, which are the shorter ones."""
        if not scenario.slower_by:
            return []
        figures = json.loads(baseline.read_text())["figures"]
        runs = next(figure["runs"] for figure in figures if figure["name"].startswith("udp.rtt_p50/"))
        return ["--inject-delay", str(round(scenario.slower_by * sorted(runs)[len(runs) // 2]))]

    def run(self, scenario):
        baseline = self.baseline(scenario)
        change = scenario.change + self.injected(scenario, baseline)
        started = time.monotonic()
        with competing_load(scenario.load), namespace(scenario.loss, with_loss=True) as inside:
            gate = subprocess.run([*inside, self.program, "gate", "--baseline", str(baseline), *change],
                                  capture_output=True, text=True)
        if gate.returncode not in VERDICTS or not gate.stdout:
            sys.exit(f"{scenario.name}: sockscope gate ended with {gate.returncode}: {gate.stderr}")
        reasons = [line.strip() for line in gate.stdout.split("\n\n")[1].splitlines()[1:]]
        with self.log.open("a") as log:
            log.write(json.dumps({"scenario": scenario.name, "status": gate.returncode,
                                  "seconds": round(time.monotonic() - started, 1), "reasons": reasons,
                                  "at": datetime.datetime.now().isoformat(timespec="seconds")}) + "\n")
        return gate.returncode, reasons

    def go_on(self, scenario, wanted):
        done = sum(one["scenario"] == scenario.name for one in self.tries())
        for number in range(done + 1, wanted + 1):
            status, reasons = self.run(scenario)
            print(f"{scenario.name} {number}/{wanted}: {VERDICTS[status]} {'; '.join(reasons)[:150]}", file=sys.stderr)


def describe_machine():
    with open("/proc/cpuinfo") as cpuinfo:
        model = next((line.split(": ")[1].strip() for line in cpuinfo if line.startswith("model name")), "unknown CPU")
    return f"{model}, {os.cpu_count()} CPUs, kernel {platform.release()}"


def table(tries):
    by_scenario = collections.defaultdict(list)
    for one in tries:
        by_scenario[one["scenario"]].append(one)
    if not by_scenario:
        return "no tries yet"
    first, last = min(one["at"] for one in tries)[:10], max(one["at"] for one in tries)[:10]
    when = first if first == last else f"{first} to {last}"
    lines = [f"{when}, {describe_machine()}:", "",
             "| what | gates | red | cannot tell | green | seconds a gate |", "|---|--:|--:|--:|--:|--:|"]
    for scenario in SCENARIOS:
        done = by_scenario[scenario.name]
        if not done:
            continue
        count = collections.Counter(one["status"] for one in done)
        seconds = sorted(one["seconds"] for one in done)[len(done) // 2]
        share = f"{count[1]} ({100 * count[1] / len(done):.1f} %)"
        lines.append(f"| {scenario.what} | {len(done)} | {share} | {count[3]} | {count[0]} | {seconds:.0f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("build/sockscope"))
    parser.add_argument("--state", type=pathlib.Path, default=pathlib.Path("build/gate-study"))
    parser.add_argument("--aa", type=int, default=50, help="gates of identical code, for each of the four scenarios")
    parser.add_argument("--tries", type=int, default=50, help="gates of each seeded regression")
    parser.add_argument("--only", action="append", choices=[scenario.name for scenario in SCENARIOS])
    parser.add_argument("--table", action="store_true", help="print what has been done, and do nothing")
    arguments = parser.parse_args()
    study = Study(arguments.program.resolve(), arguments.state)
    if not arguments.table:
        for scenario in SCENARIOS:
            if arguments.only is None or scenario.name in arguments.only:
                study.go_on(scenario, arguments.aa if scenario.is_identical else arguments.tries)
    print(table(study.tries()))


if __name__ == "__main__":
    main()
