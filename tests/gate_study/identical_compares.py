#!/usr/bin/env python3
"""How often compare says what is so of identical code.

    identical_compares.py --program build/sockscope --state build/gate-study [--tries 100] [OPTION of compare...]

Each try is one `compare --a tcp --b tcp --untraced`; its verdict is a line of STATE/compares.jsonl. Goes on where it was
stopped.
"""
import argparse
import collections
import datetime
import json
import pathlib
import subprocess


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("build/sockscope"))
    parser.add_argument("--state", type=pathlib.Path, default=pathlib.Path("build/gate-study"))
    parser.add_argument("--tries", type=int, default=100)
    arguments, options = parser.parse_known_args()
    arguments.state.mkdir(parents=True, exist_ok=True)
    log = arguments.state / "compares.jsonl"
    done = log.read_text().splitlines() if log.exists() else []
    command = [str(arguments.program.resolve()), "compare", "--a", "tcp", "--b", "tcp", "--untraced", "--format", "json",
               *options]
    with log.open("a") as file:
        for number in range(len(done), arguments.tries):
            # Another order of the pairs each time.
            run = subprocess.run([*command, "--seed", str(number + 1)], capture_output=True, text=True, check=True)
            rtt = json.loads(run.stdout)["comparison"]["rtt"]
            done.append(json.dumps({"verdict": rtt["verdict"], "ratio": rtt["ratio"], "ci95": rtt.get("ratio_ci95"),
                                    "at": datetime.datetime.now().isoformat(timespec="seconds")}))
            print(done[-1], file=file, flush=True)
    verdicts = collections.Counter(json.loads(line)["verdict"] for line in done)
    for verdict, count in verdicts.most_common():
        print(f"{verdict}: {count} of {len(done)}")


if __name__ == "__main__":
    main()
