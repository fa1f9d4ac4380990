"""`sockscope events --format json`: the reader under test."""

import json

from event import Event, output_of

MEMBERS = {"time_ns", "cpu", "pid", "tid", "comm", "event", "fields", "common", "names"}


def parse_line(line):
    event = json.loads(line)
    unknown = event.keys() - MEMBERS
    if unknown:
        raise ValueError(f"members that these tests do not compare: {sorted(unknown)}")
    return Event(event["event"], event["time_ns"], event["cpu"], event["pid"], event["tid"], event["comm"],
                 event["fields"], event.get("common", {}), event.get("names", {}))


def events_of(program, recording):
    text = output_of([program, "events", "--format", "json", str(recording)])
    return [parse_line(line) for line in text.split("\n") if line]
