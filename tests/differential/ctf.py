"""`perf data convert --to-ctf`, read back by babeltrace2."""

import re
import tempfile
from collections import defaultdict
from pathlib import Path

from event import Event, output_of, task_id, text_of

LINE = re.compile(r"\[0*(\d+)\] (\S.*?): \{ cpu_id = (\d+) \}, \{ (.*) \}")
FIELD = re.compile(r"""(\w+)\ =\ (?: "((?:[^"\\]|\\.)*)" | (\[\ .*?\ \]) | (0x[0-9A-F]+) | (-?\d+) )""", re.X)
ELEMENT = re.compile(r"\[\d+\] = (0x[0-9A-F]+|-?\d+)")
NON_PRINTABLE = re.compile(rb"\\x([0-9a-f]{2})")


def ctf_name(name):
    """CTF 1.8 has names with a leading underscore for those that would be keywords: its readers take one away."""
    return name[1:] if name.startswith("_") else name


def plain_text(text):
    """perf writes what is not printable as \\xNN."""
    return text_of(NON_PRINTABLE.sub(lambda match: bytes.fromhex(match[1].decode()), text.encode("latin-1")))


def parse_value(text, array, hexadecimal, number):
    if array:
        return [int(element, 0) for element in ELEMENT.findall(array)]
    if hexadecimal or number:
        return int(hexadecimal or number, 0)
    return plain_text(re.sub(r"\\(.)", r"\1", text))


def parse_line(line):
    match = LINE.fullmatch(line)
    if not match:
        raise ValueError(f"not a line of babeltrace2: {line!r}")
    values = {name: parse_value(*value) for name, *value in FIELD.findall(match[4])}
    common = {name: value for name, value in values.items() if name.startswith("common_")}
    own = {name: value for name, value in values.items() if not name.startswith(("common_", "perf_"))}
    return Event(match[2], int(match[1]), int(match[3]), task_id(values.get("perf_pid")),
                 task_id(values.get("perf_tid")), fields=own, common=common)


def streams_of(recording):
    """{cpu: events in the stream's order}: CTF has one stream for each CPU. Samples without a CPU are in stream 0."""
    streams = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "ctf"
        output_of(["perf", "data", "convert", "--force", "-i", str(recording), f"--to-ctf={trace}"])
        text = output_of(["babeltrace2", "--clock-cycles", "--no-delta", str(trace)])
    for line in text.split("\n"):
        if line:
            event = parse_line(line)
            streams[event.cpu].append(event)
    return streams
